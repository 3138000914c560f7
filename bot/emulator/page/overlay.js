// Things that float: toasts, alerts, the enlarged picture, small menus.

import { $, h, icon } from "./dom.js";
import { Refused } from "./link.js";

export function toast(text, kind = "") {
  const note = h("div", { class: `toast ${kind}`, role: "status" }, text);
  $("toasts").append(note);
  const life = Math.max(3200, Math.min(8000, text.length * 60));
  setTimeout(() => { note.classList.add("gone"); setTimeout(() => note.remove(), 300); }, life);
}

// Run what a person asked for; a refusal is shown, never swallowed.
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message, "bad");
    return undefined;
  }
}

function modal(className, label, ...children) {
  const dialog = h("dialog", { class: className, "aria-label": label }, ...children);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function alertBox(title, text) {
  const dialog = modal("alert", title, h("h2", {}, title), h("p", {}, text),
    h("div", { class: "actions" }, h("button", { type: "button", class: "flat", autofocus: true, onclick: () => dialog.close() }, "OK")));
}

export function lightbox(src, caption, shot) {
  const picture = h("img", { src, alt: caption || "photo", width: shot.width, height: shot.height });
  const dialog = modal("lightbox", "Photo",
    h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: () => dialog.close() }, icon("close")),
    h("figure", { onclick: () => dialog.close() }, picture, caption ? h("figcaption", {}, caption) : null));
}

export function popup(anchor, items) {
  closePopups();
  const box = h("div", { class: "popup", role: "menu" });
  for (const item of items) {
    if (item === "-") { box.append(h("hr")); continue; }
    if (item.heading) { box.append(h("div", { class: "heading" }, item.heading)); continue; }
    box.append(h("button", { type: "button", role: "menuitem", class: item.danger ? "danger" : "",
      onclick: () => { closePopups(); item.run(); } }, item.icon ? icon(item.icon, 18) : null, item.label));
  }
  document.body.append(box);
  place(box, anchor);
  box.querySelector("button")?.focus({ preventScroll: true });
}

function place(box, anchor) {
  const point = !(anchor instanceof Element);
  const rect = point ? { right: anchor.x + box.offsetWidth, top: anchor.y, bottom: anchor.y } : anchor.getBoundingClientRect();
  const left = Math.max(8, Math.min(rect.right - box.offsetWidth, innerWidth - box.offsetWidth - 8));
  const below = rect.bottom + 4 + box.offsetHeight < innerHeight;
  box.style.left = `${left}px`;
  box.style.top = `${below ? rect.bottom + 4 : Math.max(8, rect.top - box.offsetHeight - 4)}px`;
}

export function closePopups() {
  for (const box of document.querySelectorAll(".popup")) box.remove();
}

export function ask(title, value, placeholder) {
  return new Promise((resolve) => {
    const field = h("input", { type: "text", value, placeholder, autofocus: true });
    const done = (answer) => { resolve(answer); dialog.close(); };
    const form = h("form", { method: "dialog", onsubmit: (e) => { e.preventDefault(); done(field.value.trim()); } },
      h("h2", {}, title), field,
      h("div", { class: "actions" }, h("button", { type: "button", class: "flat", onclick: () => done("") }, "Cancel"),
        h("button", { type: "submit", class: "flat strong" }, "OK")));
    const dialog = modal("alert", title, form);
    dialog.addEventListener("close", () => resolve(""));
    field.select();
  });
}

document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".popup")) closePopups(); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closePopups(); });
