// What every page has: texts, toasts, keys, menus, confirmation, answers to htmx.
(function () {
  "use strict";
  const element = document.getElementById("script-texts");
  const texts = element ? JSON.parse(element.textContent) : {};

  function text(key, values = {}) {
    return (texts[key] || key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  }

  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }

  function closeButton(target) {
    const button = make("button", { type: "button", class: "btn-close", "aria-label": text("close") });
    button.addEventListener("click", () => target.remove());
    return button;
  }

  // A short note at the edge. Errors stay until they are closed.
  function toast(message, tone = "grey") {
    const box = make("div", { class: `toast-note tone-${tone}` }, make("span", {}, message));
    box.append(closeButton(box));
    document.getElementById("toasts")?.append(box);
    if (tone !== "red") setTimeout(() => box.remove(), 8000);
    return box;
  }

  // ------------------------------------------------------------------ confirmation
  function ask(question, goOn) {
    if (typeof HTMLDialogElement === "undefined") {
      if (window.confirm(question)) goOn();
      return;
    }
    const yes = make("button", { class: "btn btn-primary", value: "yes" }, text("go_on"));
    const no = make("button", { class: "btn btn-quiet", value: "no" }, text("cancel"));
    const form = make("form", { method: "dialog" }, make("p", { id: "ask-text" }, question));
    form.append(make("div", { class: "form-buttons" }, yes, no));
    const dialog = make("dialog", { class: "ask", "aria-labelledby": "ask-text" }, form);
    document.body.append(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (dialog.returnValue === "yes") goOn();
    });
    dialog.showModal();
  }

  const confirmed = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (!question || confirmed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    ask(question, () => {
      confirmed.add(form);
      form.requestSubmit(submitter);
    });
  }, true);

  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, () => event.detail.issueRequest(true));
  });

  // ------------------------------------------------------------------ keys
  function typing(target) {
    return target.closest("input, textarea, select, [contenteditable], dialog, .ts-wrapper") !== null;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      const button = form?.querySelector("button[type=submit], button:not([type])");
      if (form && form.method === "post" && button) {
        event.preventDefault();
        form.requestSubmit(button);
      }
    } else if (event.key === "Escape") {
      closeMenus();
    } else if (event.key === "/" && !event.ctrlKey && !event.metaKey && !typing(event.target)) {
      const box = document.querySelector("[data-search-box]");
      if (box && box.offsetParent !== null) {
        event.preventDefault();
        box.select();
      }
    }
  });

  // ------------------------------------------------------------------ menus
  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu === except || menu.contains(except)) continue;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-menu-close]")) closeMenus();
    else closeMenus(event.target.closest("details[data-menu]") || document.body);
    const close = event.target.closest("[data-close]");
    if (close) close.parentElement.remove();
    const refused = event.target.closest(".btn-refused");
    if (refused) event.preventDefault();
    const theme = event.target.closest("[data-theme-value]");
    if (theme) {
      window.redressTheme.set(theme.dataset.themeValue);
      showTheme();
    }
  });

  function showTheme() {
    for (const button of document.querySelectorAll("[data-theme-value]")) {
      const chosen = button.dataset.themeValue === window.redressTheme.get();
      button.setAttribute("aria-pressed", String(chosen));
    }
  }

  // On paper nothing can be unfolded.
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("main details:not([data-menu]):not([open])")];
    for (const part of unfolded) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of unfolded) part.open = false;
  });

  // ------------------------------------------------------------------ answers to htmx
  function token() {
    return document.querySelector("meta[name=csrf-token]")?.content || "";
  }

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = token();
  });

  // The server's own words: JSON, plain text, or the marked sentence of an error page.
  function message(request) {
    const body = request.responseText || "";
    const type = request.getResponseHeader("Content-Type") || "";
    if (type.includes("json")) {
      try {
        const data = JSON.parse(body);
        return String(data.message || data.detail || "");
      } catch {
        return "";
      }
    }
    if (type.includes("html")) {
      const page = new DOMParser().parseFromString(body, "text/html");
      return page.querySelector("[data-error-message]")?.textContent.trim() || "";
    }
    return type.includes("plain") ? body.slice(0, 500) : "";
  }

  document.addEventListener("htmx:responseError", (event) => {
    const request = event.detail.xhr;
    const known = { 401: "signed_out", 409: "conflict", 503: "busy" };
    toast(message(request) || text(known[request.status] || "failed"), "red");
  });
  document.addEventListener("htmx:sendError", () => toast(text("offline"), "red"));
  document.addEventListener("htmx:timeout", () => toast(text("busy"), "red"));

  // ------------------------------------------------------------------ start
  // `found` gets every part of the page once: at the start and after each htmx answer.
  function each(selector, found) {
    const seen = new WeakSet();
    const look = (root) => {
      const all = [...root.querySelectorAll(selector)];
      if (root.matches?.(selector)) all.unshift(root);
      for (const node of all) {
        if (!seen.has(node)) {
          seen.add(node);
          found(node);
        }
      }
    };
    look(document);
    document.addEventListener("htmx:load", (event) => look(event.detail.elt));
  }

  function unhide(node) {
    node.hidden = false;
  }

  each("[data-close], [data-menu-close], [data-theme-choice]", unhide);
  each("[data-form-errors]", (summary) => summary.focus());
  showTheme();

  window.redress = { ask, each, make, message, text, toast, token, typing };
})();
