// The bell asks for its number now and then, and never from a tab that nobody looks at.
(() => {
  const EVERY = 20000;
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  let asked = Date.now();
  let timer = setInterval(ring, EVERY);

  function ring() {
    const line = bell.querySelector("[data-bell-line]");
    if (document.hidden || !line || !timer) return;
    asked = Date.now();
    window.htmx.trigger(line, "ring");
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - asked >= EVERY) ring();
  });

  // Nobody asked for this request, so nobody is told that it failed; signed out, it stops.
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    bell.addEventListener(name, (event) => {
      event.stopPropagation();
      if (event.detail.xhr?.status === 401) {
        clearInterval(timer);
        timer = 0;
      }
    });
  }
})();
