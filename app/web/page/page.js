// Starts the terminal once its fonts are there, and shows with which words the dashboard ended.
"use strict";

// A larger text that is pasted is dropped: the server closes a page that sends too much.
const LONGEST_TEXT = 1 << 20;
const FONT = "Roboto Mono";
const words = document.getElementById("words");
const again = document.getElementById("again");

function end(text) {
  if (!document.body.classList.contains("-ended")) {
    words.textContent = text;
    document.body.classList.add("-ended", "-closed");
    again.focus();
  }
}

// The terminal's script opens a plain WebSocket and knows nothing of the last message.
window.WebSocket = class extends WebSocket {
  constructor(address) {
    super(address);
    this.addEventListener("open", () => {
      document.querySelector(".xterm-helper-textarea")?.focus();
    });
    this.addEventListener("message", (event) => {
      if (typeof event.data === "string") {
        const [name, text] = JSON.parse(event.data);
        if (name === "ended") end(text);
      }
    });
    this.addEventListener("close", () => end(document.body.dataset.lost));
  }

  send(message) {
    if (message.length <= LONGEST_TEXT) super.send(message);
  }
};

again.addEventListener("click", () => location.reload());
window.addEventListener("error", (event) => {
  if (!document.body.classList.contains("-first-byte")) end(event.message);
});

// The terminal measures a cell when it is made: without its font, cells would be of another width.
window.addEventListener("load", async () => {
  await Promise.allSettled([
    document.fonts.load(`16px "${FONT}"`, "0가×▲"),
    document.fonts.load(`bold 16px "${FONT}"`, "0가×▲"),
  ]);
  const script = document.createElement("script");
  script.src = "static/terminal.js";
  // The script starts in a handler of the load event, which has passed.
  script.addEventListener("load", (event) => window.onload(event));
  script.addEventListener("error", () => end(document.body.dataset.lost));
  document.head.append(script);
});
