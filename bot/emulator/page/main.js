// Starts the page and sends every change to the part that shows it.

import { $, calmly, h, icon } from "./dom.js";
import { buildComposer, drawComposer, edit, keepDraft, replyTo, restoreDraft, startComposer } from "./composer.js";
import { closeDrawer, drawDrawer, openDrawer } from "./drawer.js";
import { copy } from "./keyboard.js";
import { connect, control } from "./link.js";
import { alertBox, attempt, popup, toast } from "./overlay.js";
import { drawSidebar, openSidebar } from "./sidebar.js";
import { apply, chat, chatsOf, isMine, load, markRead, me, nameOf, postsOf, state } from "./state.js";
import { drawChat, drawDraft, drawHeader, drawPinned, showChanged, showPosted, showRemoved, startTimeline } from "./timeline.js";

const redrawSidebar = () => drawSidebar(choosePerson, chooseChat);
const redrawBar = () => { drawHeader(); drawPinned(); };
const redrawForms = () => { redrawBar(); drawComposer(); };
const sidebar = () => calmly(redrawSidebar);

function choosePerson(id) {
  keepDraft();
  const group = chat()?.type !== "private";
  state.me = id;
  const open = chatsOf(id);
  const same = group ? open.find((card) => card.id === state.chat) : undefined;
  state.chat = (same ?? open[0])?.id ?? 0;
  remember();
  drawAll();
}

function chooseChat(id) {
  keepDraft();
  state.chat = id;
  remember();
  openSidebar(false);
  drawAll();
}

const remember = () => sessionStorage.setItem("place", JSON.stringify([state.me, state.chat]));

function drawAll() {
  markRead();
  drawChat();
  drawComposer();
  restoreDraft();
  sidebar();
  drawDrawer();
}

function onEvent(event) {
  if (event.type === "snapshot") {
    load(event);
    drawAll();
    return;
  }
  apply(event);
  const here = (event.post?.chat ?? event.card?.id ?? event.chat) === state.chat;
  switch (event.type) {
    case "posted": if (here) { showPosted(event.post); calmly(redrawBar); } sidebar(); break;
    case "changed": if (here) { showChanged(event.post); calmly(redrawBar); } sidebar(); break;
    case "removed": if (here) { showRemoved(event.message_id); calmly(redrawBar); } sidebar(); break;
    case "chat": case "commands": case "profile": calmly(redrawForms); sidebar(); calmly(drawDrawer); break;
    case "pressed": case "answered": onPress(event, here); break;
    case "action": if (here) drawHeader(); break;
    case "draft": if (here) drawDraft(); break;
    case "confirmed": redrawTicks(); break;
    case "update": redrawWaiting(event.update); calmly(drawDrawer); break;
    case "call": case "faults": calmly(drawDrawer); break;
  }
}

function onPress(event, here) {
  const post = postsOf(event.chat).get(event.message_id);
  if (here && post) showChanged(post);
  if (event.type !== "answered" || event.person !== state.me || !event.text) return;
  if (event.alert) alertBox(state.bot.first_name, event.text);
  else toast(event.text);
}

function redrawWaiting(update) {
  const message = update.message;
  const post = message && message.chat.id === state.chat && postsOf(state.chat).get(message.message_id);
  if (post) showChanged(post);
}

function redrawTicks() {
  for (const node of document.querySelectorAll("#timeline .mine .ticks:not(.seen)")) {
    const post = postsOf(state.chat).get(Number(node.closest(".post").dataset.id));
    if (post) showChanged(post);
  }
}

function postMenu(post, anchor) {
  const words = post.body.text ?? post.body.caption ?? "";
  const theirs = words && !post.by_bot;
  const others = state.people.filter((person) => !person.hidden);
  popup(anchor, [
    { label: "Reply", icon: "reply", run: () => replyTo(post) },
    words && { label: "Copy text", icon: "copy", run: () => copy(words).then(() => toast("Copied.")) },
    isMine(post) && post.body.text && { label: "Edit", icon: "edit", run: () => edit(post) },
    { label: "Raw JSON", icon: "code", run: () => raw(post) },
    theirs && "-",
    theirs && { heading: "Forward to the bot as" },
    ...(theirs ? others.map((person) => ({ label: person.name, icon: "forward", run: () => forwardAs(post, person, words) })) : []),
  ].filter(Boolean));
}

function raw(post) {
  openDrawer("updates");
  $("drawer").querySelector(".entries").replaceChildren(h("h3", {}, `Message ${post.message_id}`), h("pre", { class: "whole" }, JSON.stringify(post.body, null, 2)));
}

const forwardAs = (post, person, text) => attempt(async () => {
  const author = state.people.find((p) => p.id === post.body.from?.id)?.id ?? "";
  await control("say", { as: person.id, chat: "private", text, forward_from: author || state.me });
  toast(`${person.name} forwarded ${nameOf(post.body)}’s words to the bot.`);
});

function startMenus() {
  const find = (event) => {
    const node = event.target.closest(".post:not(.draft)");
    return node && postsOf(state.chat).get(Number(node.dataset.id));
  };
  $("timeline").addEventListener("contextmenu", (event) => {
    const post = find(event);
    if (!post || event.target.closest("a[href]")) return;
    event.preventDefault();
    postMenu(post, { x: event.clientX, y: event.clientY });
  });
  $("more").addEventListener("click", () => popup($("more"), [
    { label: "Trouble", icon: "bolt", run: () => openDrawer("trouble") },
    { label: "Calls and updates", icon: "code", run: () => openDrawer("calls") },
    "-",
    { heading: `Chat ${state.chat}` },
    { heading: `Speaking as ${me()?.name} (${state.me})` },
  ]));
}

function dress() {
  $("open-sidebar").append(icon("menu"));
  $("more").append(icon("more"));
  $("open-trouble").append(icon("bolt", 18), "Trouble");
  $("open-raw").append(icon("code", 18), "Raw");
  $("open-trouble").addEventListener("click", () => { openSidebar(false); openDrawer("trouble"); });
  $("open-raw").addEventListener("click", () => { openSidebar(false); openDrawer("calls"); });
  $("open-sidebar").addEventListener("click", () => openSidebar(true));
  $("me").addEventListener("click", () => openSidebar(true));
  $("shade").addEventListener("click", () => openSidebar(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { openSidebar(false); if (!document.querySelector("dialog[open]")) closeDrawer(); }
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { markRead(); sidebar(); } });
}

function onState(connected, failures) {
  const words = failures > 4 ? "server gone: open the address it prints" : "reconnecting…";
  $("link-state").textContent = connected ? "connected" : words;
  document.body.classList.toggle("offline", !connected);
}

const key = new URLSearchParams(location.search).get("key");
if (key) sessionStorage.setItem("key", key);
const startCode = new URLSearchParams(location.search).get("start");
if (/^[A-Za-z0-9_-]{1,64}$/.test(startCode ?? "")) sessionStorage.setItem("start", startCode);
history.replaceState(null, "", "/"); // the key is kept; keep it out of the address bar
[state.me, state.chat] = JSON.parse(sessionStorage.getItem("place") ?? "[0,0]");
dress();
buildComposer();
startTimeline();
startComposer();
startMenus();
connect(onEvent, onState);
