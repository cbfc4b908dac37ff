// Forms: one submit at a time, drafts of what was typed, rows that can be added.
(function () {
  "use strict";
  const { ask, each, make, text } = window.redress;

  // ------------------------------------------------------------------ one submit at a time
  const PATIENCE = 20000;

  function release(form) {
    form.removeAttribute("data-busy");
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.hasAttribute("data-busy")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.setAttribute("data-busy", "");
    event.submitter?.setAttribute("aria-busy", "true");
    // An answer that never came must not lock the form for ever.
    setTimeout(() => release(form), PATIENCE);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches("form") || form.method !== "post") return;
    if (form.hasAttribute("data-busy")) event.preventDefault();
    else form.setAttribute("data-busy", "");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (form) release(form);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-busy]").forEach(release);
  });

  // ------------------------------------------------------------------ drafts
  const PREFIX = `redress-draft:${document.body.dataset.person}:`;
  const PENDING = "redress-pending";
  const KEPT_DAYS = 7;
  const NEVER = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);

  // Storage may be full or forbidden; then there are no drafts, and nothing else breaks.
  function guarded(work) {
    try {
      return work();
    } catch {
      return null;
    }
  }

  function controls(form) {
    return [...form.elements].filter(
      (control) => control.name && !NEVER.has(control.type) && !("noDraft" in control.dataset),
    );
  }

  function typed(form) {
    const values = {};
    for (const control of controls(form)) {
      const list = (values[control.name] ??= []);
      if (control.type === "checkbox" || control.type === "radio") {
        if (control.checked) list.push(control.value);
      } else if (control.type === "select-multiple") {
        list.push(...[...control.selectedOptions].map((option) => option.value));
      } else {
        list.push(control.value);
      }
    }
    return values;
  }

  function fill(form, values) {
    // Whoever draws rows of one name makes room for as many as there were.
    form.dispatchEvent(new CustomEvent("redress:fill", { detail: values }));
    const place = {};
    for (const control of controls(form)) {
      const list = values[control.name];
      if (!list) continue;
      if (control.type === "checkbox" || control.type === "radio") {
        control.checked = list.includes(control.value);
      } else if (control.type === "select-multiple") {
        for (const option of control.options) option.selected = list.includes(option.value);
      } else {
        const index = (place[control.name] = (place[control.name] ?? -1) + 1);
        if (list[index] !== undefined) control.value = list[index];
      }
      control.tomselect?.sync();
      control.dispatchEvent(new Event("input", { bubbles: true }));
      control.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function drafts() {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  }

  function pending() {
    return JSON.parse(sessionStorage.getItem(PENDING) || "[]");
  }

  // A success message after a submit says that it has arrived; anything else keeps the draft.
  function settle() {
    if (document.querySelector('[data-flash="success"]')) {
      for (const key of pending()) localStorage.removeItem(key);
    }
    sessionStorage.removeItem(PENDING);
    const oldest = Date.now() - KEPT_DAYS * 86400000;
    for (const key of drafts()) {
      const draft = guarded(() => JSON.parse(localStorage.getItem(key)));
      if (!draft || Date.parse(draft.at) < oldest) localStorage.removeItem(key);
    }
  }

  function offer(form, draft, key) {
    const short = { dateStyle: "short", timeStyle: "short" };
    const time = new Date(draft.at).toLocaleString(document.documentElement.lang, short);
    const restore = make("button", { type: "button", class: "btn btn-sm" }, text("draft_restore"));
    const discard = make("button", { type: "button", class: "btn btn-sm btn-quiet" }, text("draft_discard"));
    const bar = make("div", { class: "draft-offer", role: "status" });
    bar.append(make("span", {}, text("draft_found", { time })), restore, discard);
    restore.addEventListener("click", () => {
      bar.remove();
      fill(form, draft.values);
    });
    discard.addEventListener("click", () => {
      bar.remove();
      guarded(() => localStorage.removeItem(key));
    });
    form.prepend(bar);
    form.addEventListener("submit", () => bar.remove());
  }

  function keep(form) {
    const key = PREFIX + form.dataset.draft;
    const initial = JSON.stringify(typed(form));
    const stored = guarded(() => JSON.parse(localStorage.getItem(key)));
    if (stored && JSON.stringify(stored.values) !== initial) offer(form, stored, key);
    let timer = 0;
    const save = () => {
      clearTimeout(timer);
      const values = typed(form);
      guarded(() => {
        const untouched = JSON.stringify(values) === initial;
        if (untouched && !form.querySelector("[data-form-errors]")) localStorage.removeItem(key);
        if (untouched) return;
        localStorage.setItem(key, JSON.stringify({ at: new Date().toISOString(), values }));
      });
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(save, 400);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    window.addEventListener("pagehide", () => timer && save());
    form.addEventListener("submit", () => {
      save();
      guarded(() => sessionStorage.setItem(PENDING, JSON.stringify([...pending(), key])));
    });
  }

  // A form sent by htmx has arrived when the answer is good and brings no errors.
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form[data-draft]");
    const answer = event.detail.xhr?.responseText || "";
    if (form && event.detail.successful && !answer.includes("data-form-errors")) {
      guarded(() => localStorage.removeItem(PREFIX + form.dataset.draft));
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-sign-out]") || form.hasAttribute("data-sure")) return;
    const mine = guarded(drafts) || [];
    if (!mine.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(text("drafts_lost"), () => {
      mine.forEach((key) => localStorage.removeItem(key));
      form.setAttribute("data-sure", "");
      form.requestSubmit();
    });
  }, true);

  guarded(settle);
  each("form[data-draft]", keep);

  // ------------------------------------------------------------------ rows of a formset
  each("[data-formset]", (formset) => {
    const prefix = formset.dataset.formset;
    const total = formset.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
    const most = formset.querySelector(`[name="${prefix}-MAX_NUM_FORMS"]`);
    const rows = formset.querySelector("[data-formset-rows]");
    const empty = formset.querySelector("[data-formset-empty]");
    const add = formset.querySelector("[data-formset-add]");
    const full = () => Number(total.value) >= Number(most?.value || 1000);
    add.hidden = full();
    add.addEventListener("click", () => {
      const index = total.value;
      const part = empty.content.cloneNode(true);
      for (const node of part.querySelectorAll("*")) {
        for (const attribute of [...node.attributes]) {
          if (attribute.value.includes("__prefix__")) {
            attribute.value = attribute.value.replaceAll("__prefix__", index);
          }
        }
      }
      const row = part.firstElementChild;
      rows.append(part);
      total.value = Number(index) + 1;
      add.hidden = full();
      row.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: row } }));
      row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
  });
})();
