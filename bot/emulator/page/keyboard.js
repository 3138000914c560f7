// Inline keyboards (under a message) and reply keyboards (in the place of the phone's own).

import { $, h, icon } from "./dom.js";
import { control } from "./link.js";
import { attempt, toast } from "./overlay.js";
import { chat, state } from "./state.js";

// A keyboard that did not change is carried over an edit, so that a tap in that moment is not lost.
export function inlineKeyboard(post, previous) {
  const pressed = new Set([...state.pressed.values()]
    .filter((p) => p.chat === post.chat && p.message_id === post.message_id && p.person === state.me).map((p) => p.data));
  const key = JSON.stringify([post.body.reply_markup, [...pressed]]);
  const old = previous?.querySelector(".inline-keyboard");
  if (old?.dataset.key === key) return old;
  return h("div", { class: "inline-keyboard", data: { key } }, post.body.reply_markup.inline_keyboard.map((row) =>
    h("div", { class: "row" }, row.map((button) => inlineButton(post, button, pressed.has(button.callback_data))))));
}

function inlineButton(post, button, busy) {
  const mark = button.copy_text ? icon("copy", 13) : button.url ? icon("link", 13) : null;
  return h("button", {
    type: "button",
    class: ["key", button.style ?? "", busy ? "busy" : "", mark ? "marked" : ""].join(" "),
    disabled: "disabled" in button,
    onclick: () => attempt(() => press(post, button)),
  }, h("span", { class: "caption" }, button.text), mark);
}

async function press(post, button) {
  if (button.callback_data) {
    await control("tap", { as: state.me, chat: post.chat, message_id: post.message_id, data: button.callback_data });
  } else if (button.copy_text) {
    await copy(button.copy_text.text);
    toast(`Copied: ${button.copy_text.text}`);
  } else if (button.url) {
    window.open(button.url, "_blank", "noopener");
  } else {
    toast("The local chat cannot open this button.");
  }
}

export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = h("textarea", { class: "offscreen" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

// The chat's reply keyboard, or null. `hidden` remembers which keyboards this reader folded away.
const folded = new Map();

export const replyKeyboard = () => chat()?.keyboard?.markup ?? null;
export const hasKeys = () => Boolean(replyKeyboard()?.keyboard);
export const isFolded = () => folded.get(state.chat) === chat()?.keyboard?.message_id;

export function fold(yes) {
  if (yes) folded.set(state.chat, chat()?.keyboard?.message_id);
  else folded.delete(state.chat);
}

export function drawReplyKeyboard(say) {
  const box = $("reply-keyboard");
  const markup = replyKeyboard();
  const shown = hasKeys() && !isFolded();
  box.hidden = !shown;
  box.replaceChildren();
  if (!shown) return;
  box.classList.toggle("compact", Boolean(markup.resize_keyboard));
  for (const row of markup.keyboard) box.append(h("div", { class: "row" }, row.map((button) => replyButton(button, markup, say))));
}

function replyButton(button, markup, say) {
  return h("button", {
    type: "button",
    class: ["key", button.style ?? ""].join(" "),
    onclick: () => {
      if (markup.one_time_keyboard) fold(true);
      say(button.text);
    },
  }, button.text);
}
