// What all views share: how they hear of an answer and ask for another one, how they read its text, and how they put
// it on the page. In a client the page is a frame that speaks MCP Apps (2026-01-26) with its parent; in a person's own
// browser it asks `aries-mcp view`, which served it.

const PROTOCOL = "2026-01-26";
const HANDSHAKE_LIMIT = 5_000;
/** A call may wait for a person for 45 seconds, and the client may ask whether the view may call at all. */
const CALL_LIMIT = 120_000;
const OPEN_LIMIT = 30_000;

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
  const request = (method, params, limit) =>
    new Promise((resolve, reject) => {
      last += 1;
      const id = last;
      const clock = setTimeout(() => settle({ id, error: { message: "the client did not answer" } }), limit);
      waiting.set(id, { resolve, reject, clock });
      post({ id, method, params });
    });
  const settle = ({ id, result, error }) => {
    const asked = waiting.get(id);
    if (!asked) return;
    waiting.delete(id);
    clearTimeout(asked.clock);
    if (error) asked.reject(new Error(String(error.message ?? "the client refused")));
    else asked.resolve(result);
  };

  const link = {
    input: {},
    canAsk: () => Boolean(host.serverTools),
    ask: (args, tool = view.tool) => request("tools/call", { name: tool, arguments: args }, CALL_LIMIT),
    open: async (address) => {
      if (!host.openLinks) throw new Error("it opens no pages");
      const reply = await request("ui/open-link", { url: address }, OPEN_LIMIT);
      if (reply?.isError) throw new Error("it refused");
    },
  };
  const notified = {
    "ui/notifications/tool-input": (params) => { link.input = params?.arguments ?? {}; },
    "ui/notifications/tool-result": (params) => show(view, params, link),
    "ui/notifications/tool-cancelled": () => say("The call was cancelled."),
    "ui/notifications/host-context-changed": applyTheme,
  };
  /** The client takes the view away: nothing is waited for any more. */
  const end = () => {
    link.canAsk = () => false;
    for (const id of [...waiting.keys()]) settle({ id, error: { message: "the view is closed" } });
  };

  window.addEventListener("message", ({ source, data }) => {
    if (source !== window.parent || data?.jsonrpc !== "2.0") return;
    if (data.method === undefined) return settle(data);
    if (data.id === undefined) return notified[data.method]?.(data.params);
    if (data.method === "ui/resource-teardown") end();
    const isKnown = data.method === "ping" || data.method === "ui/resource-teardown";
    const unknown = { code: -32601, message: "this view does not know that" };
    post(isKnown ? { id: data.id, result: {} } : { id: data.id, error: unknown });
  });

  const silence = setTimeout(() => say("The client did not answer; the answer stands in the chat."), HANDSHAKE_LIMIT);
  const hello = { protocolVersion: PROTOCOL, appInfo: { name: "aries-mcp", version: "1" }, appCapabilities: {} };
  // A client that is slow to answer the first message may still answer it.
  request("ui/initialize", hello, 2 ** 31 - 1)
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
      const reply = await fetch("call", { method: "POST", body: JSON.stringify(args) }).catch(() => null);
      if (!reply) throw new Error("aries-mcp does not answer any more: the command has ended");
      if (!reply.ok) throw new Error(`aries-mcp answered ${reply.status}`);
      const { input, result } = await reply.json();
      link.input = input;
      return result;
    },
  };
  // The arguments of the command line are asked first.
  link.ask({}).then((result) => show(view, result, link)).catch((error) => say(error.message, "problem"));
  return link;
}

/** Asks for another answer and shows it; the buttons rest meanwhile. */
async function askAndShow(view, link, args) {
  const focused = focusedName();
  const resting = [...document.querySelectorAll("button:enabled")];
  for (const button of resting) button.disabled = true;
  try {
    const result = await link.ask(args);
    link.input = args;
    show(view, result, link);
  } catch (error) {
    say(`The call failed: ${error.message}`, "problem");
  } finally {
    for (const button of resting) button.disabled = false;
    focusOn(focused);
  }
}

function textOf(result) {
  return (result?.content ?? []).filter((part) => part.type === "text").map((part) => part.text).join("\n");
}

function show(view, result, link) {
  const text = textOf(result);
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

/** `up` or `down` for a figure that has a sign. */
function sign(cell) {
  const value = number(cell);
  if (value > 0) return "up";
  return value < 0 ? "down" : "";
}

/** Puts these elements, as far as there are any, in place of what the view shows. */
function put(...elements) {
  const focused = focusedName();
  document.getElementById("view").replaceChildren(...elements.filter((element) => element !== null));
  focusOn(focused);
}

const FOCUSABLE = "button, summary, [tabindex]";

/** What the element says that has the keyboard's focus. */
function focusedName() {
  const focused = document.activeElement?.closest(FOCUSABLE);
  return focused ? nameOf(focused) : null;
}

/** Gives the focus to the element that says this: what was drawn anew takes the place of what had it. */
function focusOn(name) {
  if (name === null || document.activeElement !== document.body) return;
  [...document.querySelectorAll(FOCUSABLE)].find((element) => nameOf(element) === name)?.focus({ preventScroll: true });
}

function nameOf(element) {
  return element.getAttribute("aria-label") ?? element.textContent;
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
