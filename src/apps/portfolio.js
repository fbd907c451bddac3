// get_portfolio: value, profit of the day, allocation and the positions of each account.

const view = { tool: "get_portfolio", draw: drawPortfolio };
const link = connect(view);

const ACCOUNT = /^(LIVE|SIM|SANDBOX)\b.*…\w{4}/;
const COLOURS = 8;
let order = { column: "value", descending: true };

function drawPortfolio(answer) {
  const { facts, sections, notes } = sectionsOf(answer.blocks);
  put(
    make("p", { class: "soft", text: facts }),
    ...sections.map(drawAccount),
    more(view, link, notes),
    ...forPeople(notes),
  );
}

/** One section for each account: its lines, and its table if it has positions. */
function sectionsOf(blocks) {
  const facts = blocks[0]?.line ?? "";
  const sections = [];
  const notes = [];
  const rest = blocks.slice(1);
  const alone = ACCOUNT.test(facts);
  if (alone) sections.push({ account: facts.split(" · ")[0], lines: [], table: null });
  for (const block of rest) {
    const open = sections.at(-1);
    if (block.header) {
      if (open && !open.table) open.table = block;
      else sections.push({ account: "", lines: [], table: block });
    } else if (!alone && ACCOUNT.test(block.line)) {
      sections.push({ account: block.line, lines: [], table: null });
    } else if (open && !open.table) {
      open.lines.push(block.line);
    } else {
      notes.push(block.line);
    }
  }
  return { facts, sections, notes };
}

function drawAccount(section) {
  const figures = figuresOf(section.lines.find((line) => /^equity /.test(line)) ?? "");
  const others = section.lines.filter((line) => !/^equity /.test(line));
  const large = ["equity", "cash", "day P&L", "open P&L"].filter((name) => figures.has(name));
  const rest = [...figures].filter(([name]) => !large.includes(name));
  return make(
    "section",
    { "aria-label": section.account },
    make("div", { class: "row" }, ...(section.account ? [badge(section.account)] : [])),
    make("div", { class: "row" }, ...large.map((name) => figure(name, figures.get(name)))),
    rest.length === 0 ? null : balances(rest),
    ...others.map((line) => make("p", { class: "note", text: line })),
    section.table ? allocation(section.table) : null,
    section.table ? positions(section.table) : null,
  );
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

function balances(figures) {
  const row = ([name, value]) => make("tr", {}, make("th", { scope: "row", text: name }), make("td", { text: value }));
  return make("details", {}, make("summary", { text: "Balances" }), make("table", {}, make("tbody", {}, ...figures.map(row))));
}

/** A bar whose parts are as long as the positions are worth. */
function allocation({ header, rows }) {
  const value = header.indexOf("value");
  const known = rows.map((row) => ({ name: row[0], text: row[value], size: Math.abs(number(row[value])) }))
    .filter(({ size }) => size > 0)
    .sort((one, other) => other.size - one.size);
  const whole = known.reduce((sum, { size }) => sum + size, 0);
  if (whole === 0) return null;
  const share = ({ size }) => `${((100 * size) / whole).toFixed(1)} %`;
  const part = (one, index) => {
    const element = make("span", { class: `part c${index % COLOURS}`, title: `${one.name} ${share(one)}` });
    element.style.flexGrow = String(one.size / whole);
    return element;
  };
  const entry = (one, index) =>
    make("span", { class: "row" }, make("span", { class: `swatch c${index % COLOURS}` }), make("span", { text: `${one.name} ${share(one)}` }));
  const shown = known.slice(0, COLOURS);
  const label = `Allocation: ${shown.map((one) => `${one.name} ${share(one)}`).join(", ")}`;
  return make(
    "div",
    { class: "allocation" },
    make("div", { class: "bar", role: "img", "aria-label": label }, ...known.map(part)),
    make("div", { class: "row soft", "aria-hidden": "true" }, ...shown.map(entry)),
  );
}

function positions(table) {
  const holder = make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Positions" });
  const redraw = () => holder.replaceChildren(sorted(table, redraw));
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
