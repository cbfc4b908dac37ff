// The builder of questionnaires: shares as one types, the phone beside it, nothing typed is lost.
(function () {
  "use strict";
  const { each, make, text } = window.redress;
  const PREFIX = `redress-draft:${document.body.dataset.person}:builder:`;
  const PENDING = "redress-pending";
  const NOT_TYPED = new Set(["csrfmiddlewaretoken", "do", "language"]);
  let clean = null; // what the server has, as the page opened it
  let current = null;
  let leaving = false;
  let language = document.documentElement.lang;

  // Storage may be full or forbidden; then nothing is kept, and nothing else breaks.
  function guarded(work) {
    try {
      return work();
    } catch {
      return null;
    }
  }

  function typed(form) {
    return [...new FormData(form).entries()].filter(([name]) => !NOT_TYPED.has(name));
  }

  function keyOf(form) {
    return PREFIX + form.dataset.builder;
  }

  function keep(form) {
    const values = typed(form);
    guarded(() => {
      if (JSON.stringify(values) === clean) localStorage.removeItem(keyOf(form));
      else localStorage.setItem(keyOf(form), JSON.stringify({ at: new Date().toISOString(), values }));
    });
  }

  function offer(form) {
    const draft = guarded(() => JSON.parse(localStorage.getItem(keyOf(form))));
    if (!draft || JSON.stringify(draft.values) === clean) return;
    const time = new Date(draft.at).toLocaleString(language, { dateStyle: "short", timeStyle: "short" });
    const restore = make("button", { type: "button", class: "btn btn-sm" }, text("draft_restore"));
    const discard = make("button", { type: "button", class: "btn btn-sm btn-quiet" }, text("draft_discard"));
    const bar = make("div", { class: "draft-offer", role: "status" });
    bar.append(make("span", {}, text("draft_found", { time })), restore, discard);
    restore.addEventListener("click", () => {
      const values = { ...Object.fromEntries(draft.values), do: "show" };
      window.htmx.ajax("POST", window.location.href, { target: "#builder", swap: "outerHTML", values });
    });
    discard.addEventListener("click", () => {
      bar.remove();
      guarded(() => localStorage.removeItem(keyOf(form)));
    });
    form.prepend(bar);
  }

  // ------------------------------------------------------------------ shares of the weights
  function share(boxes) {
    const weights = boxes.map((box) => Math.max(Number(box.value) || 0, 0));
    const total = weights.reduce((sum, one) => sum + one, 0);
    boxes.forEach((box, index) => {
      const place = box.closest(".b-line").querySelector("[data-share]");
      const part = total && weights[index] ? (100 * weights[index]) / total : 0;
      place.textContent = part ? `${part.toFixed(1).replace(/\.0$/, "")} %` : "–";
    });
  }

  function shares(form) {
    share([...form.querySelectorAll(".builder-item > .b-line [data-weight]")]);
    for (const list of form.querySelectorAll(".b-rows")) share([...list.querySelectorAll("[data-weight]")]);
  }

  // ------------------------------------------------------------------ the phone beside it
  function look(form) {
    const buttons = [...form.querySelectorAll("[data-look]")];
    const button = buttons.find((one) => one.value === language) || buttons[0];
    if (button) form.requestSubmit(button);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-builder]") || event.defaultPrevented) return;
    if (event.submitter?.formTarget) {
      // It goes into the frame; this page stays.
      if (event.submitter.dataset.look !== undefined) language = event.submitter.value;
      form.removeAttribute("data-busy");
      event.submitter.removeAttribute("aria-busy");
      return;
    }
    leaving = true;
    keep(form);
    guarded(() => {
      const pending = JSON.parse(sessionStorage.getItem(PENDING) || "[]");
      sessionStorage.setItem(PENDING, JSON.stringify([...pending, keyOf(form)]));
    });
  });

  window.addEventListener("beforeunload", (event) => {
    if (current && !leaving && JSON.stringify(typed(current)) !== clean) event.preventDefault();
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
  });

  each("[data-builder]", (form) => {
    const first = clean === null;
    current = form;
    if (first) clean = form.hasAttribute("data-dirty") ? "" : JSON.stringify(typed(form));
    if (first && clean) offer(form);
    let timer = 0;
    form.addEventListener("input", (event) => {
      clearTimeout(timer);
      timer = setTimeout(() => keep(form), 400);
      if (event.target.matches("[data-weight]")) shares(form);
    });
    if (!first) keep(form);
    if (!first || !document.querySelector(".phone[src]")) look(form);
  });
})();
