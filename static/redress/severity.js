// Severity by rule: what harm and extent propose, as soon as both are chosen.
(function () {
  "use strict";
  const { each, make } = window.redress;
  const NAMES = ["harm", "extent"];

  // The forms of one step weigh the same case: what is chosen in one is chosen in all.
  function alike(place) {
    const step = place.closest(".choice-list");
    return step ? [...step.querySelectorAll("[data-weighing]")] : [place];
  }

  function chosen(place, name) {
    return place.querySelector(`select[name="${name}"]`);
  }

  function mark(place, proposed) {
    const choice = place.closest("details.choice");
    if (!choice) return;
    const fits = Boolean(proposed) && proposed.severity === place.dataset.weighing;
    choice.classList.toggle("choice-proposed", fits);
    choice.querySelector(".choice-word")?.remove();
    if (!fits) return;
    choice.querySelector(".choice-title")?.append(make("span", { class: "choice-word" }, place.dataset.word));
  }

  function show(place) {
    const known = JSON.parse(place.querySelector("script[type='application/json']").textContent);
    const [harm, extent] = NAMES.map((name) => chosen(place, name).value);
    const proposed = known[harm]?.[extent] ?? null;
    const told = place.querySelector("[data-proposal]");
    told.hidden = !proposed;
    told.querySelector("span").textContent = proposed ? proposed.why : "";
    const why = place.querySelector("[data-against]");
    if (why) {
      const against = Boolean(proposed) && proposed.severity !== place.dataset.weighing;
      const told_already = why.querySelector("textarea").value.trim() || why.querySelector(".field-error");
      why.hidden = !against && !told_already;
    }
    mark(place, proposed);
    follow(place, proposed);
  }

  // Logging: the severity follows the proposal until somebody chooses it by hand.
  function follow(place, proposed) {
    const severity = place.closest("[data-log]")?.querySelector("select[name='severity']");
    if (!severity || "byHand" in severity.dataset || !proposed) return;
    severity.value = proposed.severity;
  }

  each("[data-weighing]", (place) => {
    const react = (event) => {
      if (!NAMES.includes(event.target.name)) return;
      for (const other of alike(place)) {
        chosen(other, event.target.name).value = event.target.value;
        show(other);
      }
    };
    place.addEventListener("change", react);
    const severity = place.closest("[data-log]")?.querySelector("select[name='severity']");
    severity?.addEventListener("change", () => {
      severity.dataset.byHand = "";
    });
    show(place);
  });
})();
