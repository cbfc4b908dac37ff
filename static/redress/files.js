// Choosing files: drop, paste, look through the list, take one out; sizes and kinds are checked
// before anything is sent. Without this script the plain file field does its work.
(function () {
  "use strict";
  const { each, make, text } = window.redress;
  const places = new Map();

  function size(bytes) {
    const units = ["B", "KB", "MB", "GB"];
    let step = 0;
    while (bytes >= 1024 && step < 3) {
      bytes /= 1024;
      step += 1;
    }
    const digits = step && bytes < 10 ? 1 : 0;
    return `${bytes.toFixed(digits)} ${units[step]}`;
  }

  function accepted(file, accept) {
    const kinds = accept.split(",").map((kind) => kind.trim().toLowerCase()).filter(Boolean);
    if (!kinds.length) return true;
    const name = file.name.toLowerCase();
    return kinds.some((kind) => {
      if (kind.startsWith(".")) return name.endsWith(kind);
      if (kind.endsWith("/*")) return file.type.startsWith(kind.slice(0, -1));
      return file.type === kind;
    });
  }

  function complaint(file, input) {
    const limit = Number(input.dataset.maxMb || 0);
    if (limit && file.size > limit * 1024 * 1024) {
      return text("too_large", { name: file.name, size: size(file.size), limit: `${limit} MB` });
    }
    if (!accepted(file, input.dataset.accept || input.accept || "")) {
      return text("wrong_type", { name: file.name });
    }
    return "";
  }

  function enhance(place) {
    const input = place.querySelector("input[type=file]");
    const list = place.querySelector("[data-drop-list]");
    const error = place.querySelector("[data-drop-error]");
    place.querySelector("[data-drop-hint]").hidden = false;
    let chosen = [];

    function show() {
      const transfer = new DataTransfer();
      chosen.forEach((file) => transfer.items.add(file));
      input.files = transfer.files;
      list.hidden = !chosen.length;
      list.replaceChildren(...chosen.map(line));
    }

    function line(file) {
      const remove = make("button", {
        type: "button",
        class: "btn-close",
        "aria-label": text("remove", { name: file.name }),
      });
      remove.addEventListener("click", () => {
        chosen = chosen.filter((other) => other !== file);
        show();
        input.focus();
      });
      const facts = make("span", { class: "file-facts" }, size(file.size));
      const item = make("li", {}, make("span", { class: "file-name" }, file.name), facts, remove);
      if (file.type.startsWith("image/")) {
        const picture = make("img", { alt: "", src: URL.createObjectURL(file) });
        picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
        item.prepend(picture);
      }
      return item;
    }

    function add(files) {
      const complaints = [];
      for (const file of files) {
        const reason = complaint(file, input);
        const known = chosen.some((other) => other.name === file.name && other.size === file.size);
        if (reason) complaints.push(reason);
        else if (!known) chosen = input.multiple ? [...chosen, file] : [file];
      }
      error.textContent = complaints.join(" ");
      error.hidden = !complaints.length;
      show();
    }

    input.addEventListener("change", () => add([...input.files]));
    place.addEventListener("dragover", (event) => {
      event.preventDefault();
      place.classList.add("drop-over");
    });
    place.addEventListener("dragleave", () => place.classList.remove("drop-over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("drop-over");
      add([...event.dataTransfer.files]);
    });
    input.form?.addEventListener("reset", () => {
      chosen = [];
      setTimeout(show);
    });
    places.set(place, add);
  }

  // Two pictures pasted one after the other are both called image.png.
  function named(file, index) {
    const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
    const ending = file.name.includes(".") ? file.name.slice(file.name.lastIndexOf(".")) : ".png";
    return new File([file], `${stamp}-${index + 1}${ending}`, { type: file.type });
  }

  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length) return;
    const form = document.activeElement?.closest("form");
    const shown = [...places.keys()].filter((place) => place.isConnected && place.offsetParent);
    const place = shown.find((other) => form?.contains(other)) || (shown.length === 1 && shown[0]);
    if (!place) return;
    event.preventDefault();
    places.get(place)(files.map((file, i) => (file.type.startsWith("image/") ? named(file, i) : file)));
  });

  each("[data-drop]", enhance);
})();
