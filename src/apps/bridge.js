"use strict";
// What all views share: how they hear of an answer and ask for another one, how they read its text, and how they put
// it on the page. In a client the page is a frame that speaks MCP Apps (2026-01-26) with its parent; in a person's own
// browser it asks `aries-mcp view`, which served it.

const PROTOCOL = "2026-01-26";
const HANDSHAKE_LIMIT = 5_000;
const LONGEST = 2_000;

/**
 * Starts a view. `view.draw(answer)` is called for each answer, `view.tool` is the tool that it asks.
 * Returns `{ask(arguments, tool), canAsk(), open(address), input}`.
 */
function connect(view) {
  const link = window.parent === window ? browserLink(view) : frameLink(view);
  say("Waiting for the answer…");
  return link;
}

function frameLink(view) {
  const waiting = new Map();
  let last = 0;
  let host = {};
  const post = (message) => window.parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
  const request = (method, params) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      post({ id: last, method, params });
    });

  const link = {
    input: {},
    canAsk: () => Boolean(host.serverTools),
    ask: (args, tool = view.tool) => request("tools/call", { name: tool, arguments: args }),
    open: (address) => request("ui/open-link", { url: address }),
  };
  const notified = {
    "ui/notifications/tool-input": (params) => { link.input = params?.arguments ?? {}; },
    "ui/notifications/tool-result": (params) => show(view, params, link),
    "ui/notifications/tool-cancelled": () => say("The call was cancelled."),
    "ui/notifications/host-context-changed": applyTheme,
  };
  const settle = ({ id, result, error }) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error) asked?.reject(new Error(String(error.message ?? "the client refused")));
    else asked?.resolve(result);
  };

  window.addEventListener("message", ({ source, data }) => {
    if (source !== window.parent || data?.jsonrpc !== "2.0") return;
    if (data.method === undefined) settle(data);
    else if (data.id === undefined) notified[data.method]?.(data.params);
    else if (data.method === "ping" || data.method === "ui/resource-teardown") post({ id: data.id, result: {} });
    else post({ id: data.id, error: { code: -32601, message: "this view does not know that" } });
  });

  const silence = setTimeout(() => say("The client did not answer; the answer stands in the chat."), HANDSHAKE_LIMIT);
  const hello = { protocolVersion: PROTOCOL, appInfo: { name: "aries-mcp", version: "1" }, appCapabilities: {} };
  request("ui/initialize", hello)
    .then((result) => {
      clearTimeout(silence);
      host = result?.hostCapabilities ?? {};
      applyTheme(result?.hostContext);
      post({ method: "ui/notifications/initialized", params: {} });
      new ResizeObserver(() => {
        const { scrollWidth: width, scrollHeight: height } = document.body;
        post({ method: "ui/notifications/size-changed", params: { width, height } });
      }).observe(document.body);
    })
    .catch((error) => say(`The client refused to show this: ${error.message}`));
  return link;
}

function browserLink(view) {
  const link = {
    input: {},
    canAsk: () => true,
    open: (address) => window.open(address, "_blank", "noopener"),
    ask: async (args) => {
      const reply = await fetch("call", { method: "POST", body: JSON.stringify(args) });
      if (!reply.ok) throw new Error(`aries-mcp answered ${reply.status}`);
      const { input, result } = await reply.json();
      link.input = input;
      return result;
    },
  };
  // The arguments of the command line are asked first.
  link.ask({}).then((result) => show(view, result, link)).catch(lost);
  return link;
}

function lost() {
  say("aries-mcp does not answer any more: the command has ended.");
}

/** Asks for another answer and shows it; the buttons rest meanwhile. */
async function askAndShow(view, link, args) {
  const resting = [...document.querySelectorAll("button:enabled")];
  for (const button of resting) button.disabled = true;
  try {
    const result = await link.ask(args);
    link.input = args;
    show(view, result, link);
  } catch (error) {
    say(`The call failed: ${error.message}`);
  } finally {
    for (const button of resting) button.disabled = false;
  }
}

function show(view, result, link) {
  const text = (result?.content ?? []).filter((part) => part.type === "text").map((part) => part.text).join("\n");
  if (result?.isError || text === "") {
    say(text === "" ? "The answer is empty." : text, "problem");
    return;
  }
  say("");
  view.draw({ text, blocks: blocksOf(text), structured: result.structuredContent ?? {} }, link);
}

/** Shows a sentence above the view. */
function say(text, kind = "soft") {
  const place = document.getElementById("said");
  place.textContent = shortened(text);
  place.className = kind;
}

function applyTheme(context) {
  const root = document.documentElement;
  if (context?.theme === "light" || context?.theme === "dark") root.dataset.theme = context.theme;
  for (const [name, value] of Object.entries(context?.styles?.variables ?? {})) {
    if (name.startsWith("--")) root.style.setProperty(name, String(value));
  }
}

/** The text of an answer as lines and tables: a table is a header and rows with as many `|` as it has. */
function blocksOf(text) {
  const lines = text.split("\n");
  const width = (line) => (line ?? "").split("|").length;
  const blocks = [];
  for (let at = 0; at < lines.length; at += 1) {
    const columns = width(lines[at]);
    if (columns < 2 || width(lines[at + 1]) !== columns) {
      blocks.push({ line: lines[at] });
      continue;
    }
    const header = lines[at].split("|");
    const rows = [];
    while (at + 1 < lines.length && width(lines[at + 1]) === columns) {
      at += 1;
      rows.push(lines[at].split("|"));
    }
    blocks.push({ header, rows });
  }
  return blocks;
}

/** A cell as a number for drawing and sorting, never for showing; NaN where there is none. */
function number(cell) {
  return /^-?[\d,]*\.?\d+$/.test(cell ?? "") ? Number(cell.replaceAll(",", "")) : NaN;
}

/** `up` or `down` for a figure that has a sign. */
function sign(cell) {
  const value = number(cell);
  if (value > 0) return "up";
  return value < 0 ? "down" : "";
}

/** Makes an element. Every text is set as text, so nothing that Aries sends becomes markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  return filled(element, attributes, children);
}

function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  return filled(element, attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = shortened(value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== "") element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A browser takes seconds to lay out a line of hundreds of thousands of characters; no answer of ours has one. */
function shortened(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Puts these elements, as far as there are any, in place of what the view shows. */
function put(...elements) {
  document.getElementById("view").replaceChildren(...elements.filter((element) => element !== null));
}

/** `LIVE …1002` and the like, unmistakable. */
function badge(words) {
  const live = words.startsWith("LIVE") || words.startsWith("SANDBOX (plays live)");
  return make("span", { class: live ? "badge live" : "badge", text: words });
}

/** A button for the rest of a long answer, where the answer names its cursor. */
function more(view, link, notes) {
  const cursor = notes.map((line) => /cursor "([^"]+)"/.exec(line)?.[1]).find((found) => found !== undefined);
  if (cursor === undefined || !link.canAsk()) return null;
  const next = { ...link.input, cursor };
  return make("button", { type: "button", text: "More", onclick: () => askAndShow(view, link, next) });
}

/** The notes that are for a person: what a model may ask next is none of them. */
function forPeople(lines) {
  return lines.filter((line) => !/`|next:/.test(line)).map((line) => make("p", { class: "note", text: line }));
}

/** A row of buttons of which one is pressed. */
function choice(label, names, pressed, choose) {
  const button = (name) =>
    make("button", { type: "button", text: name, "aria-pressed": String(name === pressed), onclick: () => choose(name) });
  return make("div", { class: "row", role: "group", "aria-label": label }, ...names.map(button));
}
