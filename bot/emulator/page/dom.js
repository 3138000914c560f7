// Small DOM vocabulary. Text only ever becomes text nodes: nothing said in a chat can become markup.

export const $ = (id) => document.getElementById(id);

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "style") for (const [k, v] of Object.entries(value)) node.style.setProperty(k, v);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  send: "M4 12 20 4l-5 16-3.5-6.5zM20 4l-8.5 9.5",
  keyboard: "M3 6.5h18v11H3zM7 10v.01M11 10v.01M15 10v.01M8 14h8",
  slash: "M4 4h16v16H4zM14 8l-4 8",
  down: "M6 9l6 6 6-6",
  close: "M6 6l12 12M18 6 6 18",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  silent: "M6 16h12l-1.6-2.4V10A4.4 4.4 0 0 0 9 6.6M7.6 9.4V13.6L6 16M10.5 19a1.8 1.8 0 0 0 3 0M4 4l16 16",
  check: "M5 12.5 9.5 17 19 7",
  copy: "M9 9h10v11H9zM5 15V4h10",
  link: "M8 16 17 7M10 7h7v7",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  code: "M9 7 4 12l5 5M15 7l5 5-5 5",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  reply: "M10 7 4 12l6 5v-3.5c5 0 8 1.5 10 4.5-.5-5-4-8.500-10-8.500z",
  forward: "M14 7l6 5-6 5v-3.500c-5 0-8 1.500-10 4.500.5-5 4-8.500 10-8.500z",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
  shield: "M12 3l7 3v6c0 4.500-3 7.500-7 9-4-1.500-7-4.500-7-9V6z",
  star: "M12 4l2.400 5 5.600.8-4 3.900.9 5.500-4.900-2.600-4.900 2.600.9-5.500-4-3.900 5.600-.8z",
};

export function icon(name, size = 22) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", size);
  svg.setAttribute("height", size);
  svg.setAttribute("class", `i i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

const HUES = ["#e17076", "#7bc862", "#65aadd", "#ee7aae", "#6ec9cb", "#faa774", "#a695e7"];

const own = new Map(); // ids with a colour of their own: the bot

export const paint = (id, hue) => own.set(Number(id), hue);
export const colorOf = (id) => own.get(Number(id)) ?? HUES[(Math.abs(Number(id)) + (id < 0 ? 4 : 0)) % 7];

export function avatar(name, id, size = "") {
  const letters = name.split(/\s+/).map((word) => [...word][0] ?? "").slice(0, 2).join("").toUpperCase();
  return h("span", { class: `avatar ${size}`, style: { "--hue": colorOf(id) }, "aria-hidden": "true" }, letters);
}

// Redraws wait while a finger or button is down: a node replaced in the middle of a click would lose the click.
let down = false;
const queued = new Set();
addEventListener("pointerdown", () => { down = true; }, true);
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => {
    down = false;
    setTimeout(() => { const runs = [...queued]; queued.clear(); for (const run of runs) run(); }, 60);
  }, true);
}

export function calmly(run) {
  if (down) queued.add(run);
  else run();
}

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });

export const size = (bytes) =>
  bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
