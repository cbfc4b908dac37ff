// A 5-Why tree one can type into. The rows are an outline: each has a level, at most one deeper
// than the row above it. What is sent is what stands in the rows; without script they are a list.
(function () {
  "use strict";
  const { each } = window.redress;
  const DEEPEST = 4;
  const KINDS = ["through", "branch", "last", "none"];

  const sentence = (row) => row.querySelector("[data-why-sentence]");
  const level = (row) => row.querySelector("[data-why-level]");
  const filled = (row) => sentence(row).value.trim() !== "";
  const depth = (row) => Number(row.dataset.depth);

  // How the focus came: who walks through the form with Tab wants to walk on.
  let walking = false;
  document.addEventListener("keydown", (event) => { walking = event.key === "Tab"; }, true);
  document.addEventListener("pointerdown", () => { walking = false; }, true);

  function guides(rows, place) {
    const found = [];
    const own = depth(rows[place]);
    for (let at = 1; at <= own; at += 1) {
      const next = rows.slice(place + 1).find((row) => depth(row) <= at);
      const goesOn = next !== undefined && depth(next) === at;
      if (at === own) found.push(goesOn ? "branch" : "last");
      else found.push(goesOn ? "through" : "none");
    }
    return found;
  }

  function drawGuides(row, kinds) {
    row.querySelectorAll(":scope > .why-guide").forEach((guide) => guide.remove());
    for (const kind of [...kinds].reverse()) {
      const guide = document.createElement("span");
      guide.className = `why-guide why-${KINDS.includes(kind) ? kind : "none"}`;
      guide.setAttribute("aria-hidden", "true");
      row.prepend(guide);
    }
  }

  function grow(tree) {
    const list = tree.querySelector("[data-whys-rows]");
    const name = tree.dataset.whys;
    const base = sentence(list.firstElementChild).id;
    let made = 0;
    let passing = false;
    const rows = () => [...list.children];

    // Levels that fit, the rows that show, and the lines between them.
    function settle() {
      const all = rows();
      const last = all.findLastIndex(filled);
      let above = -1;
      all.forEach((row, place) => {
        const wanted = row.dataset.depth === "" ? above + 1 : depth(row);
        row.dataset.depth = Math.max(0, Math.min(wanted, above + 1, DEEPEST));
        if (filled(row)) above = depth(row);
        level(row).value = filled(row) ? depth(row) + 1 : "";
        row.hidden = place > last + 1 && !row.contains(document.activeElement);
        const label = row.querySelector(".why-number");
        label.textContent = tree.dataset.number.replace("{n}", depth(row) + 1);
      });
      const shown = all.filter((row) => !row.hidden);
      for (const row of all) if (row.hidden) row.dataset.depth = "";
      shown.forEach((row, place) => drawGuides(row, guides(shown, place)));
    }

    function empty(row, at) {
      sentence(row).value = "";
      row.dataset.depth = at;
      row.hidden = false;
      return row;
    }

    function add(after) {
      const row = after.cloneNode(true);
      made += 1;
      const field = sentence(row);
      field.id = `${base}-n${made}`;
      field.classList.remove("is-invalid");
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
      row.querySelector(".why-number").htmlFor = field.id;
      after.after(empty(row, ""));
      return row;
    }

    function go(row) {
      row.hidden = false;
      sentence(row).focus();
      passing = false;
    }

    function below(row) {
      const all = rows();
      const from = all.indexOf(row) + 1;
      const end = all.findIndex((other, place) => place >= from && depth(other) <= depth(row));
      return all.slice(from, end < 0 ? undefined : end).filter(filled);
    }

    // A row moves with everything below it; false where it cannot.
    function move(row, by) {
      const before = rows().slice(0, rows().indexOf(row)).findLast(filled);
      const most = before ? Math.min(depth(before) + 1, DEEPEST) : 0;
      const family = [row, ...below(row)];
      if (depth(row) + by < 0 || depth(row) + by > most) return false;
      if (by > 0 && family.some((one) => depth(one) + by > DEEPEST)) return false;
      for (const one of family) one.dataset.depth = depth(one) + by;
      changed(row);
      return true;
    }

    function changed(row) {
      settle();
      // The draft is kept by the form's own events.
      level(row).dispatchEvent(new Event("change", { bubbles: true }));
    }

    function next(row) {
      if (!filled(row)) return move(row, -1);
      const following = row.nextElementSibling;
      const target = following && !filled(following) ? following : add(row);
      empty(target, Math.min(depth(row) + 1, DEEPEST));
      go(target);
      settle();
      return true;
    }

    function remove(row) {
      const all = rows();
      const place = all.indexOf(row);
      const target = all[place - 1] || all[place + 1];
      if (all.length > 1 && target) {
        row.remove();
        go(target);
        changed(target);
      } else {
        empty(row, 0);
        go(row);
        changed(row);
      }
    }

    list.addEventListener("focusin", () => { passing = walking; });
    list.addEventListener("focusout", () => setTimeout(settle));
    list.addEventListener("keydown", (event) => {
      const field = event.target.closest("[data-why-sentence]");
      if (!field || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const row = field.closest(".why-line");
      if (event.key === "Escape") passing = true;
      else if (event.key === "Enter") {
        event.preventDefault();
        next(row);
      } else if (event.key === "Tab") {
        if (!passing && move(row, event.shiftKey ? -1 : 1)) event.preventDefault();
      } else if (event.key === "Backspace" && field.value === "" && rows().indexOf(row) > 0) {
        event.preventDefault();
        remove(row);
      }
    });
    list.addEventListener("input", (event) => {
      passing = false;
      const given = event.target.closest("[data-why-level]");
      // A restored draft brings the level after its sentence.
      if (given?.value) given.closest(".why-line").dataset.depth = Number(given.value) - 1;
      settle();
    });
    list.addEventListener("click", (event) => {
      const row = event.target.closest(".why-line");
      const step = event.target.closest("[data-why-move]");
      if (step) {
        move(row, Number(step.dataset.whyMove));
        go(row);
      } else if (event.target.closest("[data-why-remove]")) remove(row);
    });
    tree.closest("form")?.addEventListener("redress:fill", (event) => {
      const wanted = (event.detail[name] || []).length;
      while (list.children.length < wanted) add(list.lastElementChild);
      for (const row of rows()) row.dataset.depth = "";
    });

    for (const row of rows()) if (!filled(row)) row.dataset.depth = "";
    tree.querySelectorAll(".why-tools, [data-why-keys]").forEach((part) => { part.hidden = false; });
    list.setAttribute("data-ready", "");
    settle();
  }

  each("[data-whys]", grow);
})();
