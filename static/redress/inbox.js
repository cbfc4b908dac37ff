// Keys of a work list: j and k move, Enter opens (it is a link), c claims.
// A row carries data-row, its link data-open, its claim button data-claim.
(function () {
  "use strict";
  const { typing } = window.redress;

  function rows() {
    return [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  }

  function current(all) {
    return all.findIndex((row) => row.contains(document.activeElement));
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const now = current(all);
    const next = now < 0 ? 0 : Math.min(Math.max(now + step, 0), all.length - 1);
    all[next].querySelector("[data-open]")?.focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "c") {
      const all = rows();
      const button = all[current(all)]?.querySelector("[data-claim]");
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      button.click();
    } else return;
    event.preventDefault();
  });
})();
