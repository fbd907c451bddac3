// get_portfolio: value, profit of the day, allocation and the positions of each account.

const view = { tool: "get_portfolio", draw: drawPortfolio };
const link = connect(view);

const ACCOUNT = /^(LIVE|SIM|SANDBOX)\b.*…\w{4}/;
const COLOURS = 8;
let order = { column: "value", descending: true };

function drawPortfolio(answer) {
  const { facts, totals, sections } = sectionsOf(answer.blocks);
  const lines = answer.blocks.map((block) => block.line ?? "");
  put(
    make("p", { class: "soft", text: facts }),
    ...forPeople(totals),
    ...sections.map(drawAccount),
    more(view, link, lines),
  );
}

/** What is said of all accounts together, and a section for each one with its lines and tables. */
function sectionsOf(blocks) {
  const facts = blocks[0]?.line ?? "";
  const isAlone = ACCOUNT.test(facts);
  const totals = [];
  const sections = isAlone ? [{ account: facts.split(" · ")[0], blocks: [] }] : [];
  for (const block of blocks.slice(1)) {
    if (!isAlone && ACCOUNT.test(block.line ?? "")) sections.push({ account: block.line, blocks: [] });
    else if (sections.length > 0) sections.at(-1).blocks.push(block);
    else if (block.header) sections.push({ account: "", blocks: [block] });
    else totals.push(block.line);
  }
  return { facts, totals, sections };
}

function drawAccount({ account, blocks }) {
  const title = account ? make("div", { class: "row" }, badge(account)) : null;
  return make("section", { "aria-label": account }, title, ...blocks.flatMap(drawBlock));
}

function drawBlock(block) {
  if (!block.header) return /^equity /.test(block.line) ? balances(figuresOf(block.line)) : forPeople([block.line]);
  return block.header.includes("value") ? [allocation(block), positions(block, "Positions")] : [positions(block, "Greeks")];
}

/** `equity 90349.87 · cash 48250.37` as names and figures. */
function figuresOf(line) {
  const parts = line.split(" · ").map((part) => /^(.+) (\S+)$/.exec(part)).filter((part) => part !== null);
  return new Map(parts.map(([, name, value]) => [name, value]));
}

function figure(name, value) {
  const colour = name.endsWith("P&L") ? sign(value) : "";
  return make("span", { class: "figure" }, make("span", { class: "soft", text: name }), make("b", { class: colour, text: value }));
}

/** The four figures that people look for, and the others behind a fold. */
function balances(figures) {
  const large = ["equity", "cash", "day P&L", "open P&L"].filter((name) => figures.has(name));
  const rest = [...figures].filter(([name]) => !large.includes(name));
  const row = ([name, value]) => make("tr", {}, make("th", { scope: "row", text: name }), make("td", { text: value }));
  const table = make("table", {}, make("tbody", {}, ...rest.map(row)));
  return [
    make("div", { class: "row" }, ...large.map((name) => figure(name, figures.get(name)))),
    rest.length > 0 ? make("details", {}, make("summary", { text: "Balances" }), table) : null,
  ];
}

/** A bar whose parts are as long as the positions weigh; what is left of the equity is grey. */
function allocation({ header, rows }) {
  const weight = header.findIndex((name) => name.startsWith("weight"));
  const known = rows
    .map((row) => ({ name: row[0], text: `${row[0]} ${row[weight]} %`, size: Math.abs(number(row[weight])) }))
    .filter(({ size }) => size > 0)
    .sort((one, other) => other.size - one.size);
  if (known.length === 0) return null;
  const part = (kind, size, title) => {
    const element = make("span", { class: `part ${kind}`, title });
    element.style.flexGrow = String(size);
    return element;
  };
  const rest = Math.max(0, 100 - known.reduce((sum, { size }) => sum + size, 0));
  const swatch = (kind) => make("span", { class: `swatch ${kind}` });
  const entry = (one, index) => make("span", { class: "row" }, swatch(`c${index}`), make("span", { text: one.text }));
  const shown = known.slice(0, COLOURS);
  const label = `Allocation, weight of equity: ${shown.map(({ text }) => text).join(", ")}`;
  return make(
    "div",
    { class: "allocation" },
    make("div", { class: "bar", role: "img", "aria-label": label },
      ...known.map((one, index) => part(`c${index % COLOURS}`, one.size, one.text)),
      part("rest", rest, "not in positions"),
    ),
    make("div", { class: "row soft", "aria-hidden": "true" }, ...shown.map(entry)),
  );
}

function positions(table, name) {
  const holder = make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": name });
  const redraw = () => {
    const focused = focusedName();
    holder.replaceChildren(sorted(table, redraw));
    focusOn(focused);
  };
  redraw();
  return holder;
}

function sorted({ header, rows }, redraw) {
  const column = header.indexOf(order.column);
  const ordered = column < 0 ? rows : [...rows].sort((one, other) => compare(one[column], other[column]));
  const choose = (name) => () => {
    order = { column: name, descending: order.column === name ? !order.descending : name !== "symbol" };
    redraw();
  };
  const state = (name) => (name !== order.column ? "none" : order.descending ? "descending" : "ascending");
  const head = (name) =>
    make("th", { scope: "col", "aria-sort": state(name) }, make("button", { type: "button", text: name, onclick: choose(name) }));
  const cell = (text, index) =>
    index === 0
      ? make("th", { scope: "row", text })
      : make("td", { text, class: header[index].endsWith("P&L") ? sign(text) : "" });
  return make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...header.map(head))),
    make("tbody", {}, ...ordered.map((row) => make("tr", {}, ...row.map(cell)))),
  );
}

/** Figures before words, unknown ones last. */
function compare(one, other) {
  const [a, b] = [number(one), number(other)];
  const by = order.descending ? -1 : 1;
  if (Number.isNaN(a) && Number.isNaN(b)) return by * String(one).localeCompare(String(other));
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) ? 1 : -1;
  return by * (a - b);
}
