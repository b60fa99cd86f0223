// Text for the clipboard. Where the browser or a frame forbids it, the text is shown to be copied by hand.

import { h } from "../core/dom.js";

export function setUpCopy(atlas, said) {
  atlas.copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      notice(atlas.t("Copied: {text}", { text }));
      said.textContent = atlas.t("Copied: {text}", { text });
    } catch {
      byHand(atlas, text);
    }
  };
}

function notice(words) {
  document.getElementById("notice")?.remove();
  const element = h("p", { id: "notice", class: "notice", "aria-hidden": "true" }, words);
  document.body.append(element);
  setTimeout(() => element.remove(), 4000);
}

function byHand({ t }, text) {
  const box = h("textarea", { rows: 4, readonly: true, "aria-label": t("Text to copy") });
  box.value = text;
  const dialog = h(
    "dialog",
    { class: "by-hand", "aria-label": t("Text to copy") },
    h("p", {}, t("This page may not copy by itself. Select the text and copy it.")),
    box,
    h("button", { type: "button", class: "go", onclick: () => dialog.close() }, t("Close")),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  box.select();
}
