// The form of a ruling: shares always sum to 100, and the ruling reads as it will stand in the
// case. Without this script the shares are plain number fields that the server adds up.
(function () {
  "use strict";
  const { each, make } = window.redress;
  const WHOLE = 100;
  const MOST = 12;
  // So many empty rows stand there at least.
  const FEW = 2;

  // Split `whole` over parts in the proportion of their present figures, in whole numbers.
  function split(whole, parts) {
    const total = parts.reduce((sum, part) => sum + part, 0);
    const exact = parts.map((part) => (total ? (part * whole) / total : whole / parts.length));
    const given = exact.map(Math.floor);
    const order = exact.map((value, index) => [value - given[index], index]).sort((a, b) => b[0] - a[0]);
    let left = whole - given.reduce((sum, part) => sum + part, 0);
    for (const [, index] of order) {
      if (left <= 0) break;
      given[index] += 1;
      left -= 1;
    }
    return given;
  }

  class Shares {
    constructor(place) {
      this.place = place;
      this.form = place.closest("form");
      this.alone = this.form.querySelector("[data-alone]");
      this.sum = place.querySelector("[data-shares-sum]");
      this.sum.classList.add("shares-sum");
      this.rows = [...place.querySelectorAll(".share-row")].map((element) => this.row(element));
      this.rows.forEach((one, index) => {
        one.element.hidden = index >= Math.max(FEW, this.used().length + 1);
      });
      this.quiet = false;
      this.more = place.querySelector("[data-share-add]");
      this.more.hidden = false;
      this.more.addEventListener("click", () => this.add().select.focus());
      // A restored draft changes all fields at once: nothing gives way then.
      this.form.addEventListener("redress:fill", ({ detail }) => {
        while (this.rows.length < Math.min((detail.shares_department || []).length, MOST)) this.clone();
        this.quiet = true;
        setTimeout(() => {
          this.quiet = false;
          this.show();
        });
      });
      this.show();
    }

    row(element) {
      const select = element.querySelector("select");
      const number = element.querySelector(".share-number");
      const name = number.labels[0].textContent;
      const slide = make("input", { type: "range", min: 0, max: WHOLE, step: 1, class: "share-slide", "aria-label": name });
      number.before(slide);
      const one = { element, select, number, slide };
      slide.addEventListener("input", () => {
        number.value = slide.value;
        this.moved(one);
      });
      number.addEventListener("change", () => this.moved(one));
      select.addEventListener("change", () => this.chosen(one));
      return one;
    }

    add() {
      const spare = this.rows.find((one) => one.element.hidden) || this.clone();
      spare.element.hidden = false;
      this.more.hidden = this.rows.length >= MOST && !this.rows.some((one) => one.element.hidden);
      return spare;
    }

    clone() {
      const last = this.rows[this.rows.length - 1].element;
      const next = last.cloneNode(true);
      const place = this.rows.length + 1;
      next.querySelector(".share-slide").remove();
      for (const control of next.querySelectorAll("[id]")) {
        const label = next.querySelector(`label[for="${control.id}"]`);
        control.id = control.id.replace(/\d+$/, place);
        control.value = "";
        label.htmlFor = control.id;
        label.textContent = label.textContent.replace(/\d+/, place);
      }
      last.after(next);
      const one = this.row(next);
      this.rows.push(one);
      this.show();
      return one;
    }

    used() {
      return this.rows.filter((one) => one.select.value);
    }

    set(one, percent) {
      one.number.value = String(percent);
    }

    moved(one) {
      if (!this.quiet) this.balance(one);
      this.show();
    }

    chosen(one) {
      if (this.quiet) return;
      if (!one.select.value) this.set(one, "");
      else if (!Number(one.number.value)) this.set(one, Math.floor(WHOLE / this.used().length));
      this.moved(one);
    }

    // The others give way in proportion to what they have.
    balance(moved) {
      const others = this.used().filter((one) => one !== moved);
      const counts = Boolean(moved.select.value);
      const wanted = Math.round(Number(moved.number.value)) || 0;
      const kept = !counts ? 0 : others.length ? Math.min(Math.max(wanted, 0), WHOLE) : WHOLE;
      if (counts) this.set(moved, kept);
      const rest = split(WHOLE - kept, others.map((one) => Number(one.number.value) || 0));
      others.forEach((one, index) => this.set(one, rest[index]));
    }

    show() {
      for (const one of this.rows) {
        if (one.select.value) one.element.hidden = false;
        one.slide.disabled = !one.select.value;
        one.slide.value = one.number.value || "0";
      }
      const total = this.used().reduce((all, one) => all + (Number(one.number.value) || 0), 0);
      this.sum.textContent = this.used().length ? `= ${total} %` : "";
      this.sum.classList.toggle("shares-sum-wrong", total !== WHOLE);
      if (this.alone) this.alone.hidden = this.used().length > 0;
      this.place.dispatchEvent(new CustomEvent("shares", { bubbles: true }));
    }

    // Who bears what, the largest share first.
    parts() {
      let found = this.used().map((one) => [one.select, Number(one.number.value) || 0]);
      const alone = this.alone?.querySelector("select");
      if (!found.length && alone?.value) found = [[alone, WHOLE]];
      return found
        .filter(([, percent]) => percent)
        .sort((one, other) => other[1] - one[1])
        .map(([select, percent]) => [select.selectedOptions[0].textContent.trim(), percent]);
    }
  }

  function preview(form, shares) {
    const block = form.querySelector("[data-ruling-preview]");
    if (!block) return;
    const write = (name, text) => {
      block.querySelector(`[data-part="${name}"]`).textContent = text;
    };
    const typed = (name) => form.elements[name]?.value.trim() ?? "";

    function draw() {
      const parts = shares.parts();
      write("shares", parts.map(([name, percent]) => `${name} ${percent} %`).join(" · "));
      write("lead", parts.length ? parts[0][0] : "");
      write("ruling", typed("ruling") || typed("decision"));
      write("effects", typed("effects"));
    }

    block.hidden = false;
    for (const name of ["input", "change", "shares"]) form.addEventListener(name, draw);
    draw();
  }

  each("[data-shares]", (place) => {
    preview(place.closest("form"), new Shares(place));
  });
})();
