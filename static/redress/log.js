// Logging a case: choosing a customer from what was found, by mouse or with arrow keys.
(function () {
  "use strict";
  const form = document.querySelector("[data-log]");
  if (!form) return;
  const field = form.querySelector("#id_customer");
  const chosen = form.querySelector("[data-chosen]");
  const fresh = form.querySelector("[data-new-customer]");

  function show(name) {
    chosen.hidden = !field.value;
    fresh.hidden = Boolean(field.value);
    chosen.querySelector("[data-chosen-name]").textContent = name;
    window.htmx.trigger("#known", "known-changed");
  }

  form.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-choose]");
    if (choice) {
      field.value = choice.dataset.choose;
      show(choice.dataset.name);
      form.querySelector("#id_description").focus();
    } else if (event.target.closest("[data-unchoose]")) {
      field.value = "";
      show("");
      form.querySelector("#id_new_phone").focus();
    }
  });

  // From the phone field down into what was found, and up again.
  fresh.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const found = [...fresh.querySelectorAll("[data-choose]")];
    if (!found.length || event.target.tagName === "SELECT") return;
    const now = found.indexOf(document.activeElement);
    const next = event.key === "ArrowDown" ? Math.min(now + 1, found.length - 1) : now - 1;
    (next < 0 ? form.querySelector("#id_new_phone") : found[next]).focus();
    event.preventDefault();
  });

  if (!field.value) form.querySelector("#id_new_phone").focus();
})();
