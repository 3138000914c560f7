// Entities → DOM. Offsets are UTF-16 units, which is what JavaScript strings count in.

import { h } from "./dom.js";

const PLAIN = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };
const opened = new Set(); // quotes and spoilers somebody opened, so that an edit does not close them again

export function rich(text, entities = [], key = "") {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const root = document.createDocumentFragment();
  range(root, text, 0, text.length, sorted, key);
  return root;
}

function range(parent, text, start, end, entities, key) {
  let at = start;
  for (let i = 0; i < entities.length; i += 1) {
    const entity = entities[i];
    const from = entity.offset;
    const to = Math.min(entity.offset + entity.length, end);
    if (from < at || from >= end) continue;
    if (from > at) parent.append(tidy(parent, text.slice(at, from)));
    const inner = entities.slice(i + 1).filter((e) => e.offset >= from && e.offset < to);
    const [node, body] = element(entity, text.slice(from, to), `${key}:${from}`);
    range(body, text, from, to, inner, key);
    parent.append(node);
    at = to;
  }
  if (at < end) parent.append(tidy(parent, text.slice(at, end)));
}

// A block already ends its line: the line break that follows it in the text would show as an empty line.
function tidy(parent, piece) {
  const block = parent.lastChild instanceof HTMLElement && parent.lastChild.classList.contains("block");
  return document.createTextNode(block && piece.startsWith("\n") ? piece.slice(1) : piece);
}

function element(entity, words, key) {
  switch (entity.type) {
    case "pre": return pre(entity);
    case "blockquote": return same(h("blockquote", { class: "block" }));
    case "expandable_blockquote": return expandable(key);
    case "spoiler": return spoiler(key);
    case "text_link": return same(anchor(entity.url));
    case "url": return same(anchor(words));
    case "email": return same(anchor(`mailto:${words}`));
    case "date_time": return dateTime(entity, words);
    case "bot_command": return same(h("a", { class: "command", role: "button", tabindex: "0", data: { command: words } }));
    case "mention": case "hashtag": case "cashtag": case "text_mention": case "phone_number":
      return same(h("span", { class: "mention" }));
    default: return same(h(PLAIN[entity.type] ?? "span"));
  }
}

const same = (node) => [node, node];

function pre(entity) {
  const code = h("code");
  return [h("pre", { class: "block" }, entity.language ? h("span", { class: "language" }, entity.language) : null, code), code];
}

function anchor(url) {
  const safe = /^(https?:|tg:|mailto:)/i.test(url);
  return h("a", { href: safe ? url : undefined, title: url, target: "_blank", rel: "noopener noreferrer" });
}

function expandable(key) {
  const quote = h("blockquote", { class: "block expandable", role: "button", tabindex: "0" });
  quote.classList.toggle("open", opened.has(key));
  quote.addEventListener("click", () => {
    if (getSelection()?.toString()) return;
    quote.classList.toggle("open") ? opened.add(key) : opened.delete(key);
  });
  quote.addEventListener("keydown", (e) => { if (e.key === "Enter") quote.click(); });
  return same(quote);
}

function spoiler(key) {
  const cover = h("span", { class: "spoiler" });
  cover.classList.toggle("open", opened.has(key));
  cover.addEventListener("click", () => { opened.add(key); cover.classList.add("open"); });
  return same(cover);
}

// date_time_format: r = relative, else any of w (weekday) d/D (short/long date) t/T (short/long time).
function dateTime(entity, words) {
  const when = new Date(entity.unix_time * 1000);
  const node = h("time", { datetime: when.toISOString(), title: `${when.toUTCString()} · ${words}` });
  const shown = entity.date_time_format ? localTime(when, entity.date_time_format) : "";
  if (!shown) return same(node);
  node.append(shown);
  return [node, document.createDocumentFragment()];
}

function localTime(when, format) {
  if (format === "r") return relative(when);
  const options = { hour12: false };
  if (format.includes("w")) options.weekday = "short";
  if (format.includes("d")) options.dateStyle = "short";
  if (format.includes("D")) options.dateStyle = "long";
  if (format.includes("t")) options.timeStyle = "short";
  if (format.includes("T")) options.timeStyle = "medium";
  if (!options.weekday) return when.toLocaleString([], options);
  const { weekday, ...rest } = options;
  const day = when.toLocaleDateString([], { weekday });
  return rest.dateStyle || rest.timeStyle ? `${day}, ${when.toLocaleString([], rest)}` : day;
}

function relative(when) {
  const seconds = Math.round((when.getTime() - Date.now()) / 1000);
  const [unit, span] = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]].find(([, s]) => Math.abs(seconds) >= s) ?? ["second", 1];
  return new Intl.RelativeTimeFormat([], { numeric: "auto" }).format(Math.round(seconds / span), unit);
}
