// Typing a form in: a digit shows its word and moves on; Enter and arrows move too.
(function () {
  "use strict";
  const form = document.querySelector("[data-enter]");
  if (!form) return;
  const rows = [...form.querySelectorAll("[data-row]")];
  const digit = (row) => row.querySelector("[data-digit]");

  function level(row) {
    const sign = digit(row).value.normalize("NFKC").trim();
    return sign === "0" || sign === "-" ? "na" : sign;
  }

  function isAsked(row) {
    if (!row.dataset.if) return true;
    const earlier = rows.find((one) => one.dataset.row === row.dataset.if);
    const answer = Number(earlier && isAsked(earlier) ? level(earlier) : 0);
    return answer > 0 && answer <= Number(row.dataset.most);
  }

  function settle() {
    for (const row of rows) {
      row.querySelector("[data-word]").textContent = form.getAttribute(`data-word-${level(row)}`) || "";
      row.classList.toggle("enter-off", !isAsked(row));
    }
  }

  function move(row, by) {
    for (let index = rows.indexOf(row) + by; rows[index]; index += by) {
      if (isAsked(rows[index])) {
        digit(rows[index]).focus();
        digit(rows[index]).select();
        return;
      }
    }
    if (by > 0) (form.querySelector("textarea") || form.querySelector("button.btn-primary")).focus();
  }

  form.addEventListener("input", (event) => {
    if (!event.target.matches("[data-digit]") || event.isComposing) return;
    const row = event.target.closest("[data-row]");
    event.target.value = event.target.value.normalize("NFKC").slice(-1);
    settle();
    const answer = level(row);
    const paper = form.elements.channel?.value === "paper";
    if (!/^([1-5]|na)$/.test(answer)) return;
    if (!paper && Number(answer) < Number(row.dataset.below)) row.querySelector("[data-reason]").focus();
    else move(row, 1);
  });
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.key === "Enter" || event.key === "ArrowDown") move(row, 1);
    else if (event.key === "ArrowUp") move(row, -1);
    else return;
    event.preventDefault();
  });

  settle();
  if (!form.querySelector("[data-form-errors]")) digit(rows[0])?.focus();
})();
