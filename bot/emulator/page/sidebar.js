// Who speaks, and where: the switch between people and the list of their chats.

import { $, avatar, clock, h } from "./dom.js";
import { chatsOf, me, postsOf, state, titleOf, unreadOf, unreadTotal } from "./state.js";

export function drawSidebar(onPerson, onChat) {
  $("people").replaceChildren(...state.people.map((person) => personButton(person, onPerson)));
  $("chats").replaceChildren(...chatsOf(state.me).map((card) => chatButton(card, onChat)));
  const person = me();
  if (person) $("me").replaceChildren(avatar(person.name, person.id, "small"));
  $("me").title = `Speaking as ${person?.name}`;
  const total = state.people.reduce((sum, p) => sum + unreadTotal(p.id), 0);
  document.title = `${total ? `(${total}) ` : ""}${state.bot.first_name} · local chat`;
}

function personButton(person, onPerson) {
  const unread = person.id === state.me ? 0 : unreadTotal(person.id);
  return h("button", { type: "button", role: "radio", class: "person", "aria-checked": String(person.id === state.me),
    title: `${person.name} · ${person.role} · ${person.id}`, data: { person: person.id }, onclick: () => onPerson(person.id) },
  avatar(person.name, person.id), h("span", { class: "name" }, person.name), h("span", { class: "role" }, person.role),
  unread ? h("span", { class: "badge" }, String(unread)) : null);
}

function chatButton(card, onChat) {
  const last = [...postsOf(card.id).values()].at(-1);
  const unread = unreadOf(state.me, card.id);
  const own = card.type === "private";
  return h("button", { type: "button", class: "chat", "aria-current": String(card.id === state.chat), data: { chat: card.id }, onclick: () => onChat(card.id) },
    avatar(titleOf(card), own ? state.bot.id : card.id),
    h("span", { class: "name" }, titleOf(card), mark(card)), h("time", {}, last ? clock(last.body.date) : ""),
    h("span", { class: "last" }, last ? preview(last, own) : own ? "Press START" : "No messages yet"),
    unread ? h("span", { class: "badge" }, String(unread)) : null);
}

function mark(card) {
  if (card.moved_to) return h("small", {}, "moved");
  if (card.blocked) return h("small", {}, "blocked");
  if (["kicked", "left"].includes(card.bot_role)) return h("small", {}, `bot ${card.bot_role}`);
  return null;
}

function preview(post, own) {
  const body = post.body;
  const words = body.text ?? body.caption ?? (body.photo ? "🖼 Photo" : body.document ? `📄 ${body.document.file_name}` : "…");
  const who = post.by_bot && !own ? `${body.from.first_name}: ` : post.by_bot ? "" : own ? "You: " : `${body.sender_chat?.title ?? body.from?.first_name}: `;
  return body.pinned_message ? "📌 pinned a message" : who + words.split("\n")[0];
}

export function openSidebar(open) {
  document.body.classList.toggle("sidebar-open", open);
  $("shade").hidden = !open;
}
