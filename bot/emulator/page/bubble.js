// One message → DOM. Pictures that did not change are carried over, so that an edit does not flicker.

import { avatar, clock, colorOf, h, icon, size } from "./dom.js";
import { inlineKeyboard } from "./keyboard.js";
import { lightbox } from "./overlay.js";
import { isMine, isSeen, nameOf, state } from "./state.js";
import { rich } from "./text.js";

const keyOf = (post) => `${post.chat}:${post.message_id}`;

export function bubble(post, group, previous) {
  const body = post.body;
  const service = serviceLine(body);
  if (service) return h("div", { class: "service", data: { id: post.message_id } }, h("span", {}, service));
  const mine = isMine(post);
  const inGroup = post.chat < 0;
  const media = body.photo ? photos([post, ...(group ?? [])], previous) : body.document ? documentCard(body.document) : null;
  const captioned = [post, ...(group ?? [])].find((p) => p.body.text || p.body.caption)?.body ?? body;
  const words = captioned.text ?? captioned.caption ?? "";
  const text = words
    ? h("div", { class: jumbo(captioned) ? "text jumbo" : "text" }, rich(words, captioned.entities ?? captioned.caption_entities, keyOf(post)))
    : null;
  const card = h("div", { class: "bubble" },
    inGroup && !mine ? h("div", { class: "sender", style: { color: colorOf(senderId(body)) } }, nameOf(body), tag(post)) : null,
    body.forward_origin ? h("div", { class: "forwarded" }, icon("forward", 14), `Forwarded from ${originName(body.forward_origin)}`) : null,
    body.via_bot ? h("div", { class: "forwarded" }, `via @${body.via_bot.username}`) : null,
    body.reply_to_message ? replyStub(body.reply_to_message) : null,
    body.show_caption_above_media ? text : null, media, body.show_caption_above_media ? null : text, meta(post, mine));
  card.classList.toggle("bare", Boolean(media && !text && body.photo));
  const classes = ["post", mine ? "mine" : "theirs", body.photo ? "has-photo" : "", hasBlock(captioned) ? "has-block" : ""];
  const stack = h("div", { class: "stack" }, card, body.reply_markup ? inlineKeyboard(post, previous) : null, reactions(post));
  const face = inGroup && !mine ? avatar(nameOf(body), senderId(body), "small") : null;
  return h("article", { class: classes.join(" "), data: { id: post.message_id, key: keyOf(post) } }, face, stack);
}

const senderId = (body) => body.sender_chat?.id ?? body.from?.id ?? 0;
const originName = (origin) => origin.sender_user?.first_name ?? origin.sender_chat?.title ?? origin.sender_user_name ?? "someone";
const hasBlock = (body) => [...(body.entities ?? []), ...(body.caption_entities ?? [])].some((e) => e.type === "pre");
const jumbo = (body) => body.text && !body.entities && /^(\p{Extended_Pictographic}|\u200d|\ufe0f|\s){1,8}$/u.test(body.text);

function tag(post) {
  if (post.by_bot) return h("span", { class: "tag" }, "bot");
  if (post.body.sender_chat) return h("span", { class: "tag" }, post.body.sender_chat.type === "channel" ? "channel" : "admin");
  return null;
}

function meta(post, mine) {
  const when = new Date(post.body.date * 1000);
  return h("span", { class: "meta", title: `${when.toLocaleString()}\n${when.toUTCString()}` },
    post.silent ? h("span", { class: "silent", title: "sent without sound" }, icon("silent", 13)) : null,
    post.body.edit_date ? "edited " : "", clock(post.body.date), mine ? ticks(isSeen(post)) : null);
}

const ticks = (seen) =>
  h("span", { class: `ticks ${seen ? "seen" : ""}`, title: seen ? "the bot has it" : "waiting for the bot" },
    icon("check", 14), seen ? icon("check", 14) : null);

function replyStub(target) {
  const words = target.text ?? target.caption ?? (target.photo ? "🖼 Photo" : target.document ? "📄 Document" : "message");
  return h("button", { type: "button", class: "reply-stub", data: { jump: target.message_id }, style: { "--hue": colorOf(senderId(target)) } },
    h("b", {}, nameOf(target)), h("span", {}, words.split("\n")[0]));
}

function photos(posts, previous) {
  const key = posts.map((p) => p.body.photo?.at(-1)?.file_id).join();
  const old = previous?.querySelector(".photos");
  if (old?.dataset.key === key) return old;
  const grid = h("div", { class: `photos n${Math.min(posts.length, 10)}`, data: { key } });
  for (const post of posts) grid.append(photo(post));
  return grid;
}

function photo(post) {
  const shot = post.body.photo.at(-1);
  const src = `/control/file/${shot.file_id}`;
  const picture = h("img", { src, alt: (post.body.caption ?? "photo").slice(0, 120), width: shot.width, height: shot.height, decoding: "async" });
  const frame = h("button", { type: "button", class: "photo", "aria-label": "Enlarge photo" }, picture);
  frame.style.setProperty("--ratio", shot.width / shot.height);
  frame.classList.toggle("veiled", Boolean(post.body.has_media_spoiler));
  frame.addEventListener("click", () => {
    if (frame.classList.contains("veiled")) frame.classList.remove("veiled");
    else lightbox(src, post.body.caption ?? "", shot);
  });
  return frame;
}

function documentCard(file) {
  return h("a", { class: "document", href: `/control/file/${file.file_id}`, download: file.file_name },
    h("span", { class: "file-icon" }, icon("file", 22)),
    h("span", {}, h("b", {}, file.file_name), h("small", {}, `${size(file.file_size)} · ${(file.file_name.split(".").pop() ?? "file").toUpperCase()}`)));
}

const reactions = (post) =>
  post.reactions.length ? h("div", { class: "reactions" }, post.reactions.map((emoji) => h("span", {}, emoji))) : null;

function serviceLine(body) {
  if (body.pinned_message) {
    const words = body.pinned_message.text ?? body.pinned_message.caption ?? "a photo";
    return `📌 ${nameOf(body)} pinned “${words.split("\n")[0].slice(0, 40)}”`;
  }
  if (body.migrate_to_chat_id) return `This group became ${body.migrate_to_chat_id}`;
  if (body.migrate_from_chat_id) return `This group was ${body.migrate_from_chat_id}`;
  if (body.left_chat_member) return `${body.left_chat_member.first_name} left the group`;
  if (body.new_chat_members) return `${nameOf(body)} added ${body.new_chat_members.map((m) => m.first_name).join(", ")}`;
  if (body.forum_topic_created) return `Topic “${body.forum_topic_created.name}” was created`;
  return "";
}

export function draftBubble(draft) {
  const words = draft.text || "Thinking…";
  return h("article", { class: "post theirs draft" }, h("div", { class: "stack" },
    h("div", { class: "bubble" }, h("div", { class: "text" }, rich(words, draft.text ? draft.entities : [], `draft${state.chat}`)))));
}
