// Writing a section of a report: a figure that is clicked stands where the cursor was.
(function () {
  "use strict";
  const area = document.querySelector("textarea[name=text]");
  const list = document.querySelector("[data-figures]");
  if (!area || !list) return;

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-field]");
    if (!button) return;
    area.setRangeText(button.dataset.field, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });

  const search = list.querySelector("[data-figure-search]");
  search?.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    for (const group of list.querySelectorAll("details")) {
      let some = false;
      for (const row of group.querySelectorAll("[data-figure-row]")) {
        row.hidden = Boolean(wanted) && !`${group.firstElementChild.textContent} ${row.textContent}`.toLowerCase().includes(wanted);
        some ||= !row.hidden;
      }
      group.hidden = !some;
      if (wanted && some) group.open = true;
    }
  });
})();
