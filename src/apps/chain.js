// get_option_chain: calls at the left, puts at the right, strikes around the money between them.

const view = { tool: "get_option_chain", draw: drawChain };
const link = connect(view);

const GREEK = /(gamma|theta|vega|rho)/;
let expirations = [];
let greeks = false;
/** The contracts' symbols take half of the width; they are shown to who asks for them. */
let symbols = false;

function drawChain(answer) {
  const table = answer.blocks.find((block) => block.header?.includes("strike"));
  const lines = answer.blocks.filter((block) => block.line !== undefined).map((block) => block.line);
  if (!table) expirations = lines.slice(1).flatMap((line) => line.match(/\b\d{4}-\d{2}-\d{2}\b/g) ?? []);
  const [head = "", ...notes] = lines;
  const shown = /\b\d{4}-\d{2}-\d{2}\b/.exec(head.split(" · ")[1] ?? "")?.[0] ?? "";
  greeks = table ? table.header.some((name) => GREEK.test(name)) : greeks;
  put(
    make("div", { class: "row" }, make("h1", { text: (head.split(" · ")[1] ?? "").trim() }), make("span", { class: "soft", text: head })),
    make("div", { class: "row" }, ...choices(shown, Boolean(table)), table ? symbolSwitch(answer) : null),
    table ? strikes(table, priceOf(head)) : null,
    more(view, link, notes),
    ...forPeople(notes.filter((line) => table || !/^[\d\s-]+$/.test(line))),
  );
}

/** Expirations, and whether greeks are shown; nothing where the client lets a view call no tool. */
function choices(shown, hasTable) {
  if (!link.canAsk() || !link.input.symbol) return [];
  const dates = expirations.length > 0 ? choice("Expiration", expirations, shown, (date) => ask({ expiration: date })) : null;
  const more = make("button", { type: "button", text: "Expirations", onclick: () => askAndShow(view, link, { symbol: link.input.symbol }) });
  const greek = make("button", {
    type: "button",
    text: "Greeks",
    "aria-pressed": String(greeks),
    onclick: () => ask({ expiration: shown, greeks: !greeks }),
  });
  return [dates ?? more, hasTable ? greek : null];
}

/** Shows or hides the columns of the contracts' symbols. */
function symbolSwitch(answer) {
  const toggle = () => {
    symbols = !symbols;
    drawChain(answer);
  };
  return make("button", { type: "button", text: "Symbols", "aria-pressed": String(symbols), onclick: toggle });
}

function ask(changes) {
  const args = { symbol: link.input.symbol, greeks, ...changes };
  if (!args.greeks) delete args.greeks;
  askAndShow(view, link, args);
}

/** The underlying's price in `AAPL options 2026-12-18 · AAPL 270.07 (delayed; …) · …`. */
function priceOf(head) {
  const price = head.split(" · ").map((part) => /^\S+ (-?[\d,]*\.?\d+)(?= |$)/.exec(part)?.[1]).find((found) => found !== undefined);
  return number(price);
}

function strikes({ header, rows }, price) {
  const middle = header.indexOf("strike");
  // A root of its own and the mark of the money stand behind the figure.
  const strikeOf = (row) => number(row[middle].split(" ")[0]);
  const distance = rows.map((row) => Math.abs(strikeOf(row) - price));
  const nearest = Number.isNaN(price) ? -1 : distance.indexOf(Math.min(...distance.filter((one) => !Number.isNaN(one))));
  const inside = (row, index) => {
    const strike = strikeOf(row);
    if (Number.isNaN(price) || Number.isNaN(strike) || index === middle) return "";
    return (index < middle) === (strike < price) ? "inside" : "";
  };
  const isSymbol = (index) => / symbol$/.test(header[index]);
  const width = (from, to) => header.slice(from, to).filter((_, at) => symbols || !isSymbol(from + at)).length;
  const groups = make(
    "tr",
    {},
    make("th", { scope: "colgroup", colspan: width(0, middle), text: "Calls" }),
    make("td", {}),
    make("th", { scope: "colgroup", colspan: width(middle + 1), text: "Puts" }),
  );
  const kind = (index) => (isSymbol(index) ? "contract" : index === middle ? "middle" : "");
  const head = (name, index) => make("th", { scope: "col", class: kind(index), text: name.replace(/^[CP] /, "") });
  const names = make("tr", {}, ...header.map(head));
  const cell = (row) => (text, index) =>
    index === middle ? make("th", { scope: "row", class: "strike", text }) : make("td", { class: `${kind(index)} ${inside(row, index)}`, text });
  const line = (row, at) =>
    make("tr", { class: at === nearest ? "nearest" : "", title: at === nearest ? "at the money" : "" }, ...row.map(cell(row)));
  return make(
    "div",
    { class: "wide", tabindex: "0", role: "region", "aria-label": "Option chain" },
    make("table", { class: symbols ? "" : "bare" }, make("thead", {}, groups, names), make("tbody", {}, ...rows.map(line))),
  );
}
