// The open chat: header, pinned bar, messages. Redraws only what a change concerns.

import { $, avatar, calmly, h, icon } from "./dom.js";
import { bubble, draftBubble } from "./bubble.js";
import { chat, markRead, postsOf, state, titleOf } from "./state.js";

const DOING = {
  typing: "typing", upload_photo: "sending a photo", upload_document: "sending a file", choose_sticker: "choosing a sticker",
};
let below = 0;
let pinTurn = 0;

const box = () => $("timeline");
const nearEnd = () => box().scrollHeight - box().scrollTop - box().clientHeight < 120;

export function drawChat() {
  pinTurn = 0;
  drawHeader();
  drawPinned();
  const nodes = [];
  let day = "";
  for (const post of postsOf(state.chat).values()) {
    if (isFollower(post)) continue;
    day = separator(nodes, post, day);
    nodes.push(bubble(post, followers(post)));
  }
  box().replaceChildren(...(nodes.length ? nodes : [welcome()]));
  join();
  drawDraft();
  toEnd(false);
}

function welcome() {
  const card = chat();
  if (!card) return h("div", { class: "welcome" }, h("b", {}, "Nothing here"), h("p", {}, "This person has no chat with the bot."));
  const words = card.type === "private" ? state.bot.description || "Press START, or type a command." : "No messages in this group yet.";
  return h("div", { class: "welcome" }, avatar(titleOf(card), card.type === "private" ? state.bot.id : card.id, "large"), h("b", {}, titleOf(card)), h("p", {}, words));
}

const albumOf = (post) => post.body.media_group_id;
const album = (post) => [...postsOf(post.chat).values()].filter((p) => albumOf(p) === albumOf(post));
const isFollower = (post) => Boolean(albumOf(post) && post.body.photo && album(post)[0] !== post);
const followers = (post) => (albumOf(post) && post.body.photo ? album(post).slice(1) : []);

function separator(nodes, post, day) {
  const own = new Date(post.body.date * 1000).toDateString();
  if (own !== day) nodes.push(dayLine(post));
  return own;
}

const dayLine = (post) => h("div", { class: "day", data: { day: new Date(post.body.date * 1000).toDateString() } },
  h("span", {}, new Date(post.body.date * 1000).toLocaleDateString([], { day: "numeric", month: "long" })));

// Neighbours by the same author within five minutes hang together.
function join() {
  const posts = [...box().querySelectorAll(".post, .service, .day")];
  for (let i = 0; i < posts.length; i += 1) {
    const one = postOf(posts[i]);
    const next = postOf(posts[i + 1]);
    const linked = one && next && sender(one) === sender(next) && next.body.date - one.body.date < 300;
    posts[i].classList.toggle("last", !linked);
    posts[i + 1]?.classList.toggle("first", !linked);
  }
  posts[0]?.classList.add("first");
}

const sender = (post) => post.body.sender_chat?.id ?? post.body.from?.id;
const postOf = (node) => (node?.classList.contains("post") ? postsOf(state.chat).get(Number(node.dataset.id)) : undefined);
const nodeOf = (id) => box().querySelector(`[data-id="${id}"]`);

export function showPosted(post) {
  const stick = nearEnd() || !post.by_bot;
  box().querySelector(".welcome")?.remove();
  if (isFollower(post)) {
    showChanged(album(post)[0]);
  } else {
    const days = box().querySelectorAll(".day");
    if (days[days.length - 1]?.dataset.day !== new Date(post.body.date * 1000).toDateString()) box().append(dayLine(post));
    const node = bubble(post, followers(post));
    node.classList.add("new");
    box().append(node);
  }
  join();
  drawDraft();
  if (stick) toEnd(true);
  else below += 1;
  drawToEnd();
}

export function showChanged(post) {
  const head = isFollower(post) ? album(post)[0] : post;
  const old = nodeOf(head.message_id);
  if (!old) return;
  if (old.matches(":active")) { // being tapped: after the tap, with what is true then
    calmly(() => {
      const now = postsOf(head.chat).get(head.message_id);
      if (now && head.chat === state.chat) showChanged(now);
    });
    return;
  }
  const stick = nearEnd();
  const node = bubble(head, followers(head), old);
  for (const name of ["first", "last"]) node.classList.toggle(name, old.classList.contains(name));
  old.replaceWith(node);
  if (stick) toEnd(false);
}

export function showRemoved(id) {
  nodeOf(id)?.remove();
  join();
}

export function drawDraft() {
  box().querySelector(".draft")?.remove();
  const draft = state.drafts.get(state.chat);
  if (!draft || draft.until < Date.now()) return;
  const stick = nearEnd();
  box().append(draftBubble(draft));
  if (stick) toEnd(false);
}

export function drawHeader() {
  const card = chat();
  if (!card) return;
  const own = card.type === "private";
  $("title").textContent = titleOf(card);
  $("bar-avatar").replaceChildren(avatar(titleOf(card), own ? state.bot.id : card.id));
  const doing = state.actions.get(card.id);
  const busy = doing && doing.until > Date.now() ? DOING[doing.action] ?? "busy" : "";
  $("subtitle").classList.toggle("busy", Boolean(busy));
  $("subtitle").textContent = busy ? `${busy}…` : own ? "bot" : `${card.member_count} members${card.is_forum ? " · topics" : ""}`;
  if (busy) setTimeout(drawHeader, doing.until - Date.now() + 50);
}

export function drawPinned() {
  const bar = $("pinned");
  const pins = (chat()?.pins ?? []).map((id) => postsOf(state.chat).get(id)).filter(Boolean);
  bar.hidden = !pins.length;
  if (!pins.length) return;
  const post = pins[pinTurn % pins.length];
  const words = (post.body.text ?? post.body.caption ?? "🖼 Photo").split("\n")[0];
  bar.replaceChildren(
    h("span", { class: "pin-lines" }, pins.map((p) => h("i", { class: p === post ? "on" : "" }))),
    h("span", { class: "pin-text" }, h("b", {}, pins.length > 1 ? `Pinned message ${pins.length - (pinTurn % pins.length)} of ${pins.length}` : "Pinned message"), h("span", {}, words)),
    icon("pin", 18));
  bar.onclick = () => { jump(post.message_id); pinTurn += 1; drawPinned(); };
}

export function jump(id) {
  const node = nodeOf(id);
  if (!node) return;
  node.scrollIntoView({ block: "center", behavior: "smooth" });
  node.classList.remove("flash");
  requestAnimationFrame(() => node.classList.add("flash"));
}

export function toEnd(smooth) {
  below = 0;
  box().scrollTo({ top: box().scrollHeight, behavior: smooth ? "smooth" : "instant" });
  markRead();
  drawToEnd();
}

function drawToEnd() {
  const button = $("to-bottom");
  button.hidden = nearEnd() || !box().children.length;
  button.replaceChildren(icon("down"), ...(below ? [h("b", {}, String(below))] : []));
}

export function startTimeline() {
  box().addEventListener("scroll", () => { if (nearEnd()) below = 0; drawToEnd(); }, { passive: true });
  box().addEventListener("load", (event) => { if (event.target.tagName === "IMG" && nearEnd()) toEnd(false); }, true);
  box().addEventListener("click", (event) => {
    const stub = event.target.closest("[data-jump]");
    if (stub) jump(stub.dataset.jump);
  });
  $("to-bottom").addEventListener("click", () => toEnd(true));
  new ResizeObserver(() => { if (below === 0 && $("to-bottom").hidden) box().scrollTop = box().scrollHeight; }).observe(box());
}
