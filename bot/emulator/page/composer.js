// Where one writes: text, the command menu with completion on "/", the reply keyboard, START and UNBLOCK.

import { $, h, icon } from "./dom.js";
import { drawReplyKeyboard, fold, hasKeys, isFolded, replyKeyboard } from "./keyboard.js";
import { control } from "./link.js";
import { attempt } from "./overlay.js";
import { chat, commandsHere, isMine, me, nameOf, postsOf, state } from "./state.js";
import { toEnd } from "./timeline.js";

let reply = null; // the post being answered
let editing = null; // the own post being corrected
let choice = 0;
const drafts = new Map(); // half-typed words by "person:chat"
const field = () => $("words");

export function buildComposer() {
  const words = h("textarea", { id: "words", rows: 1, maxlength: 8192, "aria-label": "Message", autocomplete: "off", enterkeyhint: "send" });
  words.addEventListener("input", () => { choice = 0; grow(); suggest(); });
  words.addEventListener("keydown", onKey);
  $("composer").replaceChildren(
    h("div", { id: "suggestions", role: "listbox", "aria-label": "Commands", hidden: true }),
    h("div", { id: "context", hidden: true }),
    h("div", { id: "line" },
      h("button", { type: "button", id: "menu", class: "menu", "aria-label": "Commands", onclick: toggleMenu }, icon("menu", 20), h("span", {}, "Menu")),
      h("div", { class: "field" }, words,
        h("button", { type: "button", id: "keys", class: "icon", "aria-label": "Reply keyboard", onclick: () => { fold(!isFolded()); drawComposer(); } }, icon("keyboard"))),
      h("button", { type: "button", id: "send", class: "icon send", "aria-label": "Send", onclick: submit }, icon("send"))),
    h("button", { type: "button", id: "start", hidden: true, onclick: begin }),
    h("div", { id: "reply-keyboard", hidden: true }));
}

// As Telegram does with t.me/bot?start=CODE: START is offered, and carries what the opened address carried.
function invitation() {
  const spoken = [...postsOf(state.chat).values()].some(isMine);
  return me()?.key === "operator" && !spoken ? sessionStorage.getItem("start") : null;
}

async function begin() {
  const code = invitation();
  if (!await say(code ? `/start ${code}` : "/start")) return;
  sessionStorage.removeItem("start");
  drawComposer();
}

export function drawComposer() {
  const card = chat();
  const closed = card?.type === "private" && (!card.started || card.blocked || invitation() !== null);
  $("start").hidden = !closed;
  $("start").textContent = card?.blocked ? "RESTART BOT" : "START";
  $("line").hidden = closed || !card;
  $("menu").hidden = !commandsHere().length;
  $("keys").hidden = !hasKeys() || Boolean(replyKeyboard()?.is_persistent);
  $("keys").classList.toggle("on", !isFolded());
  field().placeholder = replyKeyboard()?.input_field_placeholder ?? "Message";
  if (closed) $("reply-keyboard").hidden = true;
  else drawReplyKeyboard(say);
  drawContext();
  if (!closed) grow(); // its height could not be measured while START was in its place
}

function drawContext() {
  const post = editing ?? reply;
  $("context").hidden = !post;
  if (!post) return;
  $("context").replaceChildren(icon(editing ? "edit" : "reply", 18),
    h("div", {}, h("b", {}, editing ? "Edit message" : `Reply to ${nameOf(post.body)}`), h("span", {}, (post.body.text ?? post.body.caption ?? "photo").split("\n")[0])),
    h("button", { type: "button", class: "icon", "aria-label": "Cancel", onclick: clearContext }, icon("close", 18)));
}

function clearContext() {
  if (editing) field().value = "";
  reply = editing = null;
  drawContext();
  grow();
}

export function replyTo(post) { reply = post; editing = null; drawContext(); field().focus(); }
export function edit(post) { editing = post; reply = null; field().value = post.body.text ?? ""; drawContext(); grow(); field().focus(); }

export function keepDraft() { drafts.set(`${state.me}:${state.chat}`, field().value); reply = editing = null; }
export function restoreDraft() { field().value = drafts.get(`${state.me}:${state.chat}`) ?? ""; grow(); suggest(); }

function grow() {
  field().style.height = "auto";
  field().style.height = `${Math.min(field().scrollHeight, 160)}px`;
  $("send").classList.toggle("ready", Boolean(field().value.trim()));
}

async function submit() {
  const text = field().value.trim();
  if (!text) return;
  const done = editing
    ? await attempt(() => control("edit", { as: state.me, chat: state.chat, message_id: editing.message_id, text }))
    : await say(text);
  if (!done) return; // refused: the words stay in the field
  field().value = "";
  reply = editing = null;
  drawContext();
  grow();
  suggest();
}

export async function say(text) {
  const body = { as: state.me, chat: state.chat, text, reply_to: reply?.message_id ?? 0 };
  const done = await attempt(() => control("say", body));
  if (done) { reply = null; drawContext(); toEnd(true); }
  return done;
}

function matches() {
  const typed = /^\/(\w*)$/.exec(field().value);
  return typed ? commandsHere().filter((c) => c.command.startsWith(typed[1].toLowerCase())) : [];
}

function suggest() {
  const found = matches();
  const box = $("suggestions");
  box.hidden = !found.length;
  choice = Math.min(choice, Math.max(0, found.length - 1));
  box.replaceChildren(...found.map((c, i) => h("button", {
    type: "button", role: "option", "aria-selected": String(i === choice), class: i === choice ? "on" : "",
    onclick: () => { field().value = ""; grow(); suggest(); say(`/${c.command}`); },
  }, h("b", {}, `/${c.command}`), h("span", {}, c.description))));
  box.querySelector(".on")?.scrollIntoView({ block: "nearest" });
}

function toggleMenu() {
  field().value = $("suggestions").hidden ? "/" : "";
  grow();
  suggest();
  field().focus();
}

function onKey(event) {
  const found = matches();
  if (found.length && ["ArrowDown", "ArrowUp", "Tab"].includes(event.key)) {
    event.preventDefault();
    if (event.key === "Tab") field().value = `/${found[choice].command} `;
    else choice = (choice + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
    suggest();
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (found.length && field().value.slice(1) !== found[choice].command) field().value = `/${found[choice].command}`;
    submit();
  } else if (event.key === "Escape") {
    clearContext();
    if (!$("suggestions").hidden) { field().value = ""; suggest(); grow(); }
  }
}

export function startComposer() {
  $("timeline").addEventListener("click", (event) => {
    const command = event.target.closest("[data-command]");
    if (command) say(command.dataset.command);
  });
}
