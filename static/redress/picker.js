// Long selects become searchable. The library is loaded only where such a select stands.
// data-search: search in the options; data-search-url: ask the server ([{value, text}], ?q=).
(function () {
  "use strict";
  const { each, text, toast } = window.redress;
  const { library, style } = document.currentScript.dataset;
  const FEW = 7;
  let loading = null;

  function load() {
    loading ??= new Promise((resolve, reject) => {
      const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: style });
      // Before our own style sheets, which adapt it.
      document.querySelector("link[rel=stylesheet]").after(sheet);
      const script = Object.assign(document.createElement("script"), { src: library });
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });
    return loading;
  }

  function remote(select) {
    return (query, done) => {
      const address = new URL(select.dataset.searchUrl, window.location.href);
      address.searchParams.set("q", query);
      fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
        .then((found) => done(found.results || found))
        .catch(() => {
          toast(text("offline"), "red");
          done();
        });
    };
  }

  function line(css, message) {
    return () => {
      const node = document.createElement("div");
      node.className = css;
      node.textContent = message;
      return node;
    };
  }

  async function enhance(select) {
    const asks = "searchUrl" in select.dataset;
    // Of several choices a click too many would lose the others: those are always labels.
    if (!asks && !select.multiple && select.options.length <= FEW) return;
    await load();
    // The library takes the label for its own box; the select behind it needs a name of its own.
    const label = select.labels[0]?.textContent.trim();
    if (label) select.setAttribute("aria-label", label);
    const picker = new window.TomSelect(select, {
      maxOptions: 200,
      refreshThrottle: 0,
      hideSelected: false,
      allowEmptyOption: true,
      plugins: select.multiple ? ["remove_button"] : ["dropdown_input"],
      ...(asks ? { load: remote(select), preload: "focus" } : {}),
      render: {
        no_results: line("no-results", text("nothing_found")),
        loading: line("spinner-text", text("loading")),
      },
    });
    const describedBy = select.getAttribute("aria-describedby");
    if (describedBy) picker.control_input.setAttribute("aria-describedby", describedBy);
  }

  each("select[data-search], select[data-search-url]", enhance);
})();
