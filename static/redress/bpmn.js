// The process picture: draws the XML, colours the steps, tells of a step who, when, how long.
(function () {
  "use strict";
  if (window.redressBpmn) return;
  window.redressBpmn = true;
  const { each, text, toast } = window.redress;
  const MARK = { done: "mark-done", current: "mark-current", overdue: "mark-overdue", future: "mark-future" };
  const PARTS = ["who", "since", "until", "took", "due"];

  function read(figure) {
    const data = document.getElementById(figure.dataset.bpmnMarkers);
    return (data && JSON.parse(data.textContent)) || {};
  }

  // A marker may be named by the step or by the id the step has in the picture.
  function resolve(registry, name) {
    return registry.get(name) || registry.get(`id_node_${name}`);
  }

  function mark(viewer, markers) {
    const registry = viewer.get("elementRegistry");
    const canvas = viewer.get("canvas");
    const shapes = new Map();
    for (const [name, facts] of Object.entries(markers)) {
      const shape = resolve(registry, name);
      if (!shape) continue;
      shapes.set(shape.id, facts);
      canvas.addMarker(shape.id, MARK[facts.state] || MARK.future);
      if (facts.who && (facts.state === "current" || facts.state === "overdue")) {
        const note = document.createElement("div");
        note.className = `bpmn-who bpmn-who-${facts.state}`;
        note.textContent = facts.who;
        viewer.get("overlays").add(shape.id, { position: { bottom: -2, left: 0 }, html: note });
      }
    }
    return shapes;
  }

  function tell(figure, shape, facts) {
    const panel = figure.querySelector("[data-bpmn-details]");
    panel.hidden = !facts;
    if (!facts) return;
    panel.querySelector("[data-part=title]").textContent =
      facts.title || shape.businessObject.name || "";
    for (const part of PARTS) {
      const value = facts[part];
      panel.querySelector(`[data-row=${part}]`).hidden = !value;
      panel.querySelector(`[data-part=${part}]`).textContent = value || "";
    }
  }

  function choose(figure, viewer, shapes, id) {
    const canvas = viewer.get("canvas");
    for (const other of shapes.keys()) canvas.removeMarker(other, "mark-chosen");
    const facts = shapes.get(id);
    if (facts) canvas.addMarker(id, "mark-chosen");
    tell(figure, viewer.get("elementRegistry").get(id), facts);
  }

  function zoom(viewer, step) {
    const canvas = viewer.get("canvas");
    if (step === "fit") canvas.zoom("fit-viewport", "auto");
    else canvas.zoom(canvas.zoom() * (step === "in" ? 1.25 : 0.8));
  }

  function controls(figure, viewer, shapes) {
    const order = [...shapes.keys()];
    let chosen = -1;
    figure.addEventListener("click", (event) => {
      const button = event.target.closest("[data-bpmn]");
      if (button) zoom(viewer, button.dataset.bpmn);
    });
    viewer.on("element.click", ({ element }) => {
      chosen = order.indexOf(element.id);
      choose(figure, viewer, shapes, element.id);
    });
    figure.querySelector("[data-bpmn-canvas]").addEventListener("keydown", (event) => {
      const turn = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const step = { "+": "in", "=": "in", "-": "out", 0: "fit" }[event.key];
      if (turn && order.length) {
        chosen = (chosen + turn + order.length) % order.length;
        choose(figure, viewer, shapes, order[chosen]);
        viewer.get("canvas").scrollToElement(order[chosen]);
      } else if (step) zoom(viewer, step);
      else return;
      event.preventDefault();
    });
  }

  async function draw(figure) {
    const container = figure.querySelector("[data-bpmn-canvas]");
    try {
      const answer = await fetch(figure.dataset.bpmnUrl, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const viewer = new window.BpmnJS({
        container,
        // A thumbnail must not catch the page's scrolling.
        zoomScroll: { enabled: !figure.classList.contains("bpmn-small") },
      });
      await viewer.importXML(await answer.text());
      zoom(viewer, "fit");
      controls(figure, viewer, mark(viewer, read(figure)));
      figure.setAttribute("data-drawn", "");
    } catch {
      container.replaceChildren(text("picture_failed"));
      toast(text("picture_failed"), "red");
    }
  }

  each("[data-bpmn-url]", draw);
})();
