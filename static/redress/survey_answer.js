// The answer page with script: one question a screen on a phone, questions that depend on others,
// reasons when they are asked, a draft kept as one goes along. Without it the page is one long form.
(function () {
  "use strict";
  const form = document.querySelector("[data-answer]");
  if (!form) return;
  const page = document.body;
  const steps = [...form.querySelectorAll("[data-step]")];
  const bar = document.querySelector("[data-progress] progress");
  const place = document.querySelector("[data-place]");
  const [kept, offline] = [form.querySelector("[data-kept]"), form.querySelector("[data-offline]")];
  let current = null;

  // ------------------------------------------------------------------ what is asked
  function level(step) {
    return step.disabled ? "" : step.querySelector("input[type=radio]:checked")?.value || "";
  }

  function isAsked(step) {
    if (!step.dataset.if) return true;
    const earlier = steps.find((one) => one.dataset.step === step.dataset.if);
    const answer = Number(earlier && level(earlier));
    return answer > 0 && answer <= Number(step.dataset.most);
  }

  // A question that is not asked is switched off, so that it is not sent either.
  function settle() {
    for (const step of steps) {
      const asked = isAsked(step);
      step.disabled = !asked;
      step.hidden = !asked;
      const why = step.querySelector("[data-why]");
      if (!why) continue;
      const answer = Number(level(step));
      const wanted = answer > 0 && answer < Number(step.dataset.below);
      why.hidden = !wanted;
      why.querySelector("textarea").disabled = !wanted;
    }
  }

  function asked() {
    return steps.filter((step) => !step.hidden);
  }

  function lacksReason(step) {
    const text = step.querySelector("[data-why]:not([hidden]) textarea");
    return text && !text.value.trim() ? text : null;
  }

  // ------------------------------------------------------------------ one at a time
  function show(step, focus = true) {
    const all = asked();
    current = step;
    const index = all.indexOf(step);
    steps.forEach((one) => one.classList.toggle("current", one === step));
    page.classList.toggle("at-start", index === 0);
    page.classList.toggle("at-end", index === all.length - 1);
    bar.max = all.length;
    bar.value = index + 1;
    place.textContent = `${index + 1} / ${all.length}`;
    if (focus) {
      step.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }

  function go(by) {
    const all = asked();
    const missing = by > 0 && lacksReason(current);
    if (missing) {
      missing.focus();
      return;
    }
    const next = all[all.indexOf(current) + by];
    if (next) show(next);
    if (by > 0) keep();
  }

  // ------------------------------------------------------------------ drafts
  // One request after the other, so that a later draft never loses to an earlier one.
  let sent = "";
  let queue = Promise.resolve();
  let waiting = 0;
  function post(url, body) {
    const headers = { "X-Requested-With": "fetch" };
    const given = { method: "POST", body, headers, credentials: "same-origin", keepalive: true };
    waiting += 1;
    const answer = queue.then(() => fetch(url, { ...given, signal: AbortSignal.timeout?.(8000) }));
    queue = answer.catch(() => {}).finally(() => (waiting -= 1));
    return answer;
  }

  function keep() {
    const body = new FormData(form);
    const text = JSON.stringify([...body].filter(([name]) => /^[at]-/.test(name)));
    if (text === sent || form.hasAttribute("data-busy")) return;
    sent = text;
    post(form.dataset.save, body).then(
      (answer) => tell(answer.ok),
      () => tell(false),
    );
  }

  function tell(arrived) {
    if (!arrived) sent = "";
    kept.hidden = !arrived;
    offline.hidden = arrived;
  }

  // The first touch says that somebody has the form before them; loading the page does not.
  function opened() {
    document.removeEventListener("pointerdown", opened);
    document.removeEventListener("keydown", opened);
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    post(form.dataset.opened, body).catch(() => {});
  }
  document.addEventListener("pointerdown", opened);
  document.addEventListener("keydown", opened);

  // ------------------------------------------------------------------ events
  const phone = window.matchMedia("(max-width: 767.98px)");
  let pointed = 0;
  form.addEventListener("pointerup", () => (pointed = Date.now()));
  form.addEventListener("change", (event) => {
    settle();
    const step = event.target.closest("[data-step]");
    if (step && current) show(current, false);
    // A tap on a face goes on by itself; arrow keys only look around.
    const tapped = event.target.type === "radio" && Date.now() - pointed < 600;
    const why = step?.querySelector("[data-why]:not([hidden]) textarea");
    if (tapped && why) why.focus();
    else if (tapped && phone.matches && step === current) setTimeout(() => step === current && go(1), 250);
    if (!phone.matches) keep();
  });
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("data-busy")) {
      event.preventDefault();
      return;
    }
    const text = event.submitter?.hasAttribute("data-send") && asked().map(lacksReason).find(Boolean);
    if (text) {
      event.preventDefault();
      show(text.closest("[data-step]"));
      text.focus();
      return;
    }
    if (waiting) {
      const submitter = event.submitter;
      event.preventDefault();
      queue.finally(() => form.requestSubmit(submitter));
      return;
    }
    form.setAttribute("data-busy", "");
    setTimeout(() => form.removeAttribute("data-busy"), 20000);
  });
  window.addEventListener("pageshow", (event) => event.persisted && form.removeAttribute("data-busy"));
  form.querySelector("[data-back]").addEventListener("click", () => go(-1));
  form.querySelector("[data-next]").addEventListener("click", () => go(1));
  for (const link of document.querySelectorAll("[data-to]")) {
    link.addEventListener("click", () => show(steps.find((one) => one.dataset.step === link.dataset.to)));
  }

  // ------------------------------------------------------------------ start
  for (const node of document.querySelectorAll("[data-progress], [data-back], [data-next]")) node.hidden = false;
  for (const note of form.querySelectorAll("[data-condition]")) note.hidden = true;
  settle();
  page.classList.add("by-step");
  form.classList.add("stepwise");
  const wrong = asked().find((step) => step.classList.contains("ask-wrong"));
  const open = asked().find((step) => step.dataset.below !== undefined && !level(step));
  show(wrong || open || asked()[asked().length - 1], false);
  document.querySelector("[data-form-errors]")?.focus();
})();
