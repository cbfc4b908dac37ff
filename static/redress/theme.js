// Light or dark before the first paint; runs in the head, so it stays this small.
(function () {
  "use strict";
  const KEY = "redress-theme";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function wish() {
    try {
      return localStorage.getItem(KEY) || "light";
    } catch {
      return "light";
    }
  }

  function apply() {
    const chosen = wish();
    const theme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
    document.documentElement.setAttribute("data-bs-theme", theme);
  }

  apply();
  dark.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  // Paper is white.
  window.addEventListener("beforeprint", () => {
    document.documentElement.setAttribute("data-bs-theme", "light");
  });
  window.addEventListener("afterprint", apply);

  window.redressTheme = {
    get: wish,
    set(value) {
      try {
        localStorage.setItem(KEY, value);
      } catch {
        // Without storage the choice holds for no longer than this page.
      }
      apply();
    },
  };
})();
