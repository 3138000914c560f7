// What the page knows: a mirror of the server, changed only by what the stream says.

import { paint } from "./dom.js";

export const state = {
  bot: { id: 0, first_name: "Bot", username: "" },
  people: [],
  chats: new Map(),
  posts: new Map(), // chat id → Map(message id → post)
  waiting: new Map(), // update id → "chat:message" that the bot has not taken yet
  pressed: new Map(), // query id → {chat, message_id, data, person}
  actions: new Map(), // chat id → {action, until}
  drafts: new Map(), // chat id → {text, entities, until}
  unread: new Map(), // "person:chat" → count
  calls: [],
  updates: [],
  faults: { armed: [], flood_limits: false },
  stepped: false,
  me: 0,
  chat: 0,
};

export const me = () => state.people.find((person) => person.id === state.me);
export const chat = () => state.chats.get(state.chat);
export const postsOf = (id) => state.posts.get(id) ?? new Map();

export const speaksIn = (personId, card) => String(personId) in card.commands;
export const chatsOf = (personId) => [...state.chats.values()].filter((card) => speaksIn(personId, card));

export const titleOf = (card) => (card.type === "private" ? state.bot.first_name : card.title);
export const nameOf = (body) =>
  body.sender_chat ? body.sender_chat.title : [body.from?.first_name, body.from?.last_name].filter(Boolean).join(" ");

export function isMine(post) {
  if (post.by_bot || !post.body.from) return false;
  return post.body.from.id === me()?.sender;
}

export const commandsHere = () => chat()?.commands[String(state.me)] ?? [];

const messageKey = (update) => {
  const message = update.message ?? update.edited_message;
  return message ? `${message.chat.id}:${message.message_id}` : "";
};

export const isSeen = (post) => ![...state.waiting.values()].includes(`${post.chat}:${post.message_id}`);

export function load(snapshot) {
  state.bot = snapshot.bot;
  paint(state.bot.id, "#3f8fe0");
  state.people = snapshot.people;
  state.chats = new Map(snapshot.chats.map((card) => [card.id, card]));
  state.posts = new Map();
  for (const post of snapshot.posts) keep(post);
  state.waiting = new Map(snapshot.waiting.map((update) => [update.update_id, messageKey(update)]));
  state.calls = snapshot.calls;
  state.updates = snapshot.waiting.slice(-200);
  state.faults = snapshot.faults;
  state.stepped = snapshot.stepped_clock;
  state.pressed = new Map(snapshot.pressed.map((press) => [press.query_id, press]));
  state.actions.clear();
  state.drafts.clear();
  if (!state.people.some((person) => person.id === state.me)) state.me = state.people[0].id;
  const open = chatsOf(state.me);
  if (!open.some((card) => card.id === state.chat)) state.chat = open[0]?.id ?? 0;
}

function keep(post) {
  if (!state.posts.has(post.chat)) state.posts.set(post.chat, new Map());
  state.posts.get(post.chat).set(post.message_id, post);
}

// Apply one change; the caller redraws what it concerns.
export function apply(event) {
  switch (event.type) {
    case "posted":
      keep(event.post);
      if (event.post.by_bot) {
        state.actions.delete(event.post.chat);
        state.drafts.delete(event.post.chat);
        countUnread(event.post);
      }
      break;
    case "changed": keep(event.post); break;
    case "removed": postsOf(event.chat).delete(event.message_id); break;
    case "chat": state.chats.set(event.card.id, event.card); break;
    case "profile": state.bot = { ...state.bot, ...event.bot }; break;
    case "commands": for (const card of event.cards) state.chats.set(card.id, card); break;
    case "faults": state.faults = event.faults; break;
    case "update":
      state.waiting.set(event.update.update_id, messageKey(event.update));
      state.updates = [...state.updates.slice(-199), event.update];
      break;
    case "confirmed":
      for (const id of state.waiting.keys()) if (id < event.below) state.waiting.delete(id);
      break;
    case "pressed": state.pressed.set(event.query_id, event); break;
    case "answered": state.pressed.delete(event.query_id); break;
    case "action": state.actions.set(event.chat, { action: event.action, until: Date.now() + event.life_ms }); break;
    case "draft": state.drafts.set(event.chat, { ...event, until: Date.now() + event.life_ms }); break;
    case "call": state.calls = [...state.calls.slice(-199), event.call]; break;
  }
}

function countUnread(post) {
  if (post.silent && post.body.pinned_message) return;
  const card = state.chats.get(post.chat);
  if (!card) return;
  for (const person of state.people) {
    const looking = person.id === state.me && post.chat === state.chat && !document.hidden;
    if (!speaksIn(person.id, card) || looking) continue;
    const key = `${person.id}:${post.chat}`;
    state.unread.set(key, (state.unread.get(key) ?? 0) + 1);
  }
}

export const unreadOf = (personId, chatId) => state.unread.get(`${personId}:${chatId}`) ?? 0;
export const unreadTotal = (personId) =>
  chatsOf(personId).reduce((sum, card) => sum + unreadOf(personId, card.id), 0);
export const markRead = () => state.unread.delete(`${state.me}:${state.chat}`);
