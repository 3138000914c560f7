// Behind the scenes: what the bot asked, what it was told, and trouble on demand.

import { $, h, icon } from "./dom.js";
import { control } from "./link.js";
import { ask, attempt, toast } from "./overlay.js";
import { chat, me, state } from "./state.js";

let tab = "calls";
const unfolded = new Set();

export function openDrawer(which) {
  tab = which ?? tab;
  $("drawer").hidden = false;
  document.body.classList.add("drawer-open");
  drawDrawer();
}

export function closeDrawer() {
  $("drawer").hidden = true;
  document.body.classList.remove("drawer-open");
}

export function drawDrawer() {
  if ($("drawer").hidden) return;
  const scroll = $("drawer").querySelector(".entries")?.scrollTop ?? 0;
  const tabs = [["calls", "Calls"], ["updates", "Updates"], ["trouble", "Trouble"]];
  $("drawer").replaceChildren(
    h("header", {}, h("div", { class: "tabs", role: "tablist" }, tabs.map(([id, label]) => h("button", {
      type: "button", role: "tab", "aria-selected": String(tab === id), onclick: () => { tab = id; drawDrawer(); } }, label))),
    h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: closeDrawer }, icon("close"))),
    h("div", { class: "entries" }, tab === "calls" ? calls() : tab === "updates" ? updates() : trouble()));
  $("drawer").querySelector(".entries").scrollTop = scroll;
}

function entry(key, head, json) {
  const open = unfolded.has(key);
  return h("details", { open, class: "entry", ontoggle: (e) => (e.target.open ? unfolded.add(key) : unfolded.delete(key)) },
    h("summary", {}, head), h("pre", {}, JSON.stringify(json, null, 2)));
}

const at = (ms) => new Date(ms).toLocaleTimeString([], { hour12: false });

function calls() {
  const list = [...state.calls].reverse();
  if (!list.length) return [h("p", { class: "hint" }, "The bot has not called yet. Its requests appear here as they come.")];
  return list.map((call) => entry(`c${call.number}`, [
    h("b", {}, call.method), h("span", { class: call.ok ? "ok" : "bad" }, call.ok ? "ok" : String(call.error_code || "cut")), h("time", {}, at(call.time_ms))],
  { params: call.params, ...(call.ok ? { result: call.result } : { error: call.description }) }));
}

function updates() {
  const list = [...state.updates].reverse();
  if (!list.length) return [h("p", { class: "hint" }, "No updates yet. What people do appears here as the bot gets it.")];
  return list.map((update) => {
    const kind = Object.keys(update).find((name) => name !== "update_id");
    const words = update[kind].text ?? update[kind].data ?? "";
    return entry(`u${update.update_id}`, [h("b", {}, kind), h("span", { class: "words" }, words), h("time", {}, `#${update.update_id}`)], update);
  });
}

const arm = (fault, words) => attempt(async () => { await control("fault", fault); toast(words); });

function button(label, run, className = "") {
  return h("button", { type: "button", class: `chip ${className}`, onclick: run }, label);
}

function trouble() {
  const armed = state.faults.armed;
  return [
    h("h3", {}, "The bot’s next call"),
    h("p", { class: "hint" }, "Each hits one call, then it is gone."),
    h("div", { class: "chips" },
      button("429 · wait 7 s", () => arm({ kind: "too_many_requests", seconds: 7 }, "The next call gets a 429.")),
      button("429 · wait 60 s", () => arm({ kind: "too_many_requests", seconds: 60 }, "The next call gets a 429.")),
      button("502 Bad Gateway", () => arm({ kind: "server_error", code: 502 }, "The next call gets a 502.")),
      button("502 × 5", () => arm({ kind: "server_error", code: 502, times: 5 }, "The next five calls get a 502.")),
      button("Slow, 10 s", () => arm({ kind: "slow", seconds: 10 }, "The next call takes 10 s.")),
      button("Cut before", () => arm({ kind: "drop", when: "before" }, "The next call is cut off.")),
      button("Cut after", () => arm({ kind: "drop", when: "after" }, "The next call is carried out, then cut off.")),
      button("Polling cut × 3", () => arm({ kind: "drop", method: "getUpdates", times: 3 }, "Three polls are cut off."))),
    h("p", { class: "hint" }, armed.length ? `Armed: ${armed.map((f) => `${f.kind}${f.method ? ` ${f.method}` : ""} ×${f.times}`).join(", ")}` : "Nothing is armed."),
    h("div", { class: "chips" },
      button("Disarm all", () => arm({ kind: "clear" }, "Disarmed.")),
      button(state.faults.flood_limits ? "Flood limits: on" : "Flood limits: off",
        () => arm({ kind: "flood_limits", on: !state.faults.flood_limits }, "Changed."), state.faults.flood_limits ? "on" : "")),
    ...placeOfBot(), ...attacks(),
  ];
}

function placeOfBot() {
  const card = chat();
  if (!card) return [];
  const change = (kind, words) => () => arm({ kind, chat: card.id, as: me().hidden ? undefined : state.me }, words);
  const chips = card.type === "private"
    ? [card.blocked ? button("Unblock the bot", change("unblocked", "Unblocked.")) : button("Block the bot", change("blocked", "Blocked."), "danger")]
    : [
      card.bot_role === "administrator" ? button("Demote to member", change("member", "Demoted.")) : button("Make administrator", change("administrator", "Promoted.")),
      button("Kick the bot", change("kicked", "Kicked."), "danger"),
      button("Move to a new id", change("migrated", "Moved.")),
      button(card.is_forum ? "Topics off" : "Topics on", change("forum", "Changed.")),
    ];
  return [h("h3", {}, "The bot’s place in this chat"), h("div", { class: "chips" }, chips)];
}

function attacks() {
  const forge = async () => {
    const data = await ask("Forge a callback", "", "data, up to 64 bytes");
    const last = [...(state.posts.get(state.chat)?.keys() ?? [])].at(-1) ?? 1;
    if (data) await arm2("forge_callback", { as: state.me, chat: state.chat, message_id: last, data }, "Sent.");
  };
  const forwarded = async () => {
    const text = await ask("A command forwarded from Ann", "/flatten", "/command");
    if (text) await arm2("say", { as: state.me, chat: state.chat, text, forward_from: "operator" }, "Forwarded.");
  };
  const stale = async () => {
    const text = await ask("A command typed 8 hours ago", "/close BTC", "/command");
    if (text) await arm2("say", { as: state.me, chat: state.chat, text, ago: 8 * 3600 }, "Delivered.");
  };
  return [h("h3", {}, "What an attacker would try"), h("div", { class: "chips" },
    button("Forge a button tap…", forge), button("Forward Ann’s command…", forwarded), button("Late command…", stale),
    button("Sam adds the bot to a group", () => arm({ kind: "added", as: "stranger" }, "Sam added the bot.")))];
}

const arm2 = (route, body, words) => attempt(async () => { await control(route, body); toast(words); });
