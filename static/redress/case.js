// The case page: long stories fold, empty rows of actions wait until they are needed.
(function () {
  "use strict";
  const { each, make, text } = window.redress;

  // ------------------------------------------------------------------ long stories
  each("[data-clamp]", (story) => {
    story.setAttribute("data-folded", "");
    if (story.scrollHeight <= story.clientHeight + 4) {
      story.removeAttribute("data-folded");
      return;
    }
    const more = make("button", { type: "button", class: "story-more", "aria-expanded": "false" }, text("show_more"));
    more.addEventListener("click", () => {
      const folded = story.toggleAttribute("data-folded");
      more.setAttribute("aria-expanded", String(!folded));
      more.textContent = text(folded ? "show_more" : "show_less");
    });
    story.after(more);
  });

  // ------------------------------------------------------------------ rows of actions
  function untouched(row) {
    return [...row.querySelectorAll("input[type=text], textarea")].every((field) => !field.value);
  }

  each("[data-actions]", (place) => {
    const rows = [...place.querySelectorAll("[data-formset-row]")];
    const total = place.querySelector("[name$='-TOTAL_FORMS']");
    while (rows.length > 1 && untouched(rows[rows.length - 1])) {
      rows.pop().remove();
      total.value = Number(total.value) - 1;
    }
    place.querySelector("[data-formset-add]").hidden = false;
  });

  // ------------------------------------------------------------------ merge: take a number over
  each("[data-fill]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = document.getElementById(button.dataset.fill);
      field.value = button.dataset.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  });

  // ------------------------------------------------------------------ parts of the page
  // What is typed in another form stays: only the act or the timeline is fetched.
  function plain(event) {
    return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  }

  function openAct(link) {
    const how = { target: "#act-place", select: "#act", swap: "innerHTML" };
    window.htmx.ajax("GET", link.href, how).then(() => {
      const panel = document.getElementById("act");
      if (!panel) return;
      panel.scrollIntoView({ block: "start" });
      panel.querySelector("input:not([type=hidden]), select, textarea, button")?.focus({ preventScroll: true });
    });
    link.closest("details[data-menu]")?.removeAttribute("open");
  }

  function openTimeline(link) {
    const how = { target: "#timeline", select: "#timeline", swap: "outerHTML" };
    window.htmx.ajax("GET", link.href, how).then(() => {
      history.replaceState(null, "", link.href);
      const first = document.querySelector("#timeline .chip.active, #timeline .chip");
      first?.focus({ preventScroll: true });
    });
  }

  document.addEventListener("click", (event) => {
    if (!plain(event) || !window.htmx) return;
    const act = event.target.closest("[data-act]");
    const close = event.target.closest("[data-act-close]");
    const part = event.target.closest("#timeline .chips a, #timeline .tl-older a");
    if (!act && !close && !part) return;
    event.preventDefault();
    if (act) openAct(act);
    else if (part) openTimeline(part);
    else {
      document.getElementById("act-place").replaceChildren();
      history.replaceState(null, "", window.location.pathname);
    }
  });

  // ------------------------------------------------------------------ older browsers
  // Details of one name close each other; where the browser does not do that, this does.
  if (!("name" in HTMLDetailsElement.prototype)) {
    document.addEventListener("toggle", (event) => {
      const opened = event.target;
      const name = opened.getAttribute?.("name");
      if (!name || !opened.open) return;
      for (const other of document.querySelectorAll(`details[name="${name}"]`)) {
        if (other !== opened) other.open = false;
      }
    }, true);
  }
})();
