// The line to the server: one WebSocket that brings every change, and small POSTs for what a person does.

let socket = null;
let delay = 250;
let failures = 0;

export function connect(onEvent, onState) {
  socket = new WebSocket(`ws://${location.host}/control/socket`);
  socket.addEventListener("open", () => { delay = 250; failures = 0; onState(true, 0); });
  socket.addEventListener("message", (message) => onEvent(JSON.parse(message.data)));
  socket.addEventListener("close", () => {
    failures += 1;
    onState(false, failures);
    setTimeout(() => connect(onEvent, onState), delay);
    delay = Math.min(delay * 2, 4000);
  });
}

export class Refused extends Error {}

export async function control(route, body) {
  let answer;
  try {
    const response = await fetch(`/control/${route}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Chat-Key": sessionStorage.getItem("key") ?? "" },
      body: JSON.stringify(body),
    });
    answer = await response.json();
  } catch {
    throw new Refused("The chat server does not answer. Is it still running?");
  }
  if (!answer.ok) throw new Refused(answer.description.replace(/^(Bad Request|Forbidden): /, ""));
  return answer.result;
}
