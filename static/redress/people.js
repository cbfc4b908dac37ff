// The link that is shown once: select it with one click, copy it with another.
(function () {
  "use strict";
  for (const field of document.querySelectorAll("[data-select-all]")) {
    field.addEventListener("focus", () => field.select());
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    if (!field || !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      const label = button.querySelector("[data-copied]");
      label.textContent = label.dataset.copied;
    });
  }
})();
