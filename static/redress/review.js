// A management review: what was changed in one part of the page lets the rest go on.
(function () {
  "use strict";

  // The forms of the steps carry the version the page was read in. After a change of our own that
  // was answered in place they carry the one after it; somebody else's change still stands out.
  function goOn(section) {
    const now = Number(section.dataset.version);
    for (const input of document.querySelectorAll('form input[name="version"]')) {
      if (Number(input.value) === now - 1) input.value = String(now);
    }
  }

  // Steps that were grey may be open now. What somebody is typing in them is left alone.
  async function refresh() {
    const place = document.getElementById("review-steps");
    if (!place || !place.dataset.url) return;
    const busy = [...place.querySelectorAll("textarea, input[type=password]")].some((one) => one.value);
    if (!busy) window.htmx.ajax("GET", place.dataset.url, { target: place, swap: "outerHTML" });
  }

  document.body.addEventListener("review-changed", () => {
    const section = document.getElementById("decisions");
    if (section) goOn(section);
    refresh();
  });
})();
