// preview_order and place_order: what would be sent, from which account, at which cost, and what became of it.
//
// A live order is never approved here: the button opens the program's own page in the browser, where the person decides.

const view = { tool: "place_order", draw: drawOrder };
const link = connect(view);

/** A preview stays in sight while its order is decided. */
let preview = null;
let clock = null;
/** Aries' id of the order that is followed. */
let followed = null;

const GOOD = ["FILLED", "PARTIALLY FILLED"];
const BAD = ["REJECTED", "NOT SENT", "NOT CANCELED", "UNKNOWN"];
const MAY_CHANGE = ["WAITING FOR APPROVAL", "WORKING", "PARTIALLY FILLED", "SENT", "UNKNOWN"];
/** An order is looked at for half an hour. */
const LOOK_PAUSE = 5_000;
const MOST_LOOKS = 360;
const SWITCHED_ON_BY_YOU = "Only you can switch that on, in the config file of aries-mcp, as its README says under Orders.";
const AT_ARIES = ["WORKING", "PARTIALLY FILLED", "SENT"];

function drawOrder(answer) {
  const { structured } = answer;
  if (structured.summary && !structured.state) preview = answer;
  const state = structured.state ? structured : null;
  const shown = preview ?? answer;
  clearInterval(clock);
  put(
    make("div", { class: "row" }, badge(accountOf(structured.summary ?? ""))),
    ...(state ? outcome(state, answer) : []),
    make("p", { id: "sentence", class: "sentence", text: sentenceOf((state ?? shown.structured).summary ?? "") }),
    ...(preview ? details(preview) : []),
    preview && !state ? decision(preview.structured) : null,
    state && MAY_CHANGE.includes(state.state) ? again() : null,
  );
  if (!state) return;
  // The state stands above what the person has just read.
  window.scrollTo(0, 0);
  follow(state);
}

/** The label of the account: `…0017 SIM` in a preview's sentence, between the state and the sentence of an outcome. */
function accountOf(summary) {
  const named = /account (…\w+) ([^,]+)/.exec(summary);
  if (named) return `${named[2]} ${named[1]}`;
  return summary.split(" · ")[1] ?? "";
}

function sentenceOf(summary) {
  const parts = summary.split(" · ");
  return parts.length > 2 ? parts.slice(2).join(" · ") : summary;
}

function outcome({ state }, answer) {
  const notes = answer.blocks.slice(1).map((block) => block.line ?? "").filter((line) => !/^(next|exit):/.test(line));
  return [
    make("p", { id: "state", class: `state ${kindOf(state)}`, role: "status", text: state }),
    make("p", { id: "fills", role: "status" }),
    make("p", { id: "watched", class: "note" }),
    ...notes.map((line) => make("p", { class: "note", text: line })),
  ];
}

function kindOf(state) {
  if (GOOD.includes(state)) return "good";
  return BAD.includes(state) ? "bad" : "";
}

/**
 * Shows what becomes of an order that Aries has, until it has ended. `get_orders` only reads and asks nobody. Where the
 * client does not let a view call it, the button is left.
 */
async function follow({ state, order_id: order, summary }) {
  followed = AT_ARIES.includes(state) ? order : null;
  const account = /…(\w{4})/.exec(summary)?.[1];
  const isFollowed = () => order && followed === order && link.canAsk();
  try {
    for (let look = 0; look < MOST_LOOKS && isFollowed(); look += 1) {
      tellWatch("Watching it: this view shows when it fills or ends.");
      await new Promise((done) => setTimeout(done, LOOK_PAUSE));
      if (!isFollowed()) return;
      const listed = await link.ask({ account, view: "today", limit: 500 }, "get_orders");
      if (isFollowed()) showChange(orderIn(listed, order));
    }
  } catch {
    // What is shown stands; the button asks again.
  }
  if (followed === order) tellWatch("");
}

/** The row of an order in an answer of `get_orders`, by the names of its columns. */
function orderIn(listed, order) {
  const table = blocksOf(textOf(listed)).find((block) => block.header?.includes("status"));
  const row = table?.rows.find((cells) => cells[table.header.indexOf("id")] === order);
  if (!row) throw new Error("the order is not in the list");
  return Object.fromEntries(table.header.map((name, at) => [name, row[at]]));
}

function showChange({ status, quantity, filled, average }) {
  const [, state, reason] = /^((?:[A-Z]+(?: [A-Z]+)*)?)(.*)$/.exec(status);
  const place = document.getElementById("state");
  if (state !== place.textContent) place.textContent = state;
  place.className = `state ${kindOf(state)}`;
  const price = number(average) > 0 ? ` at ${average} on average` : "";
  const fills = number(filled) > 0 ? `${filled} of ${quantity} filled${price} ` : "";
  document.getElementById("fills").textContent = shortened(`${fills}${reason}`);
  if (AT_ARIES.includes(state)) return;
  followed = null;
  tellWatch("");
}

function tellWatch(words) {
  const place = document.getElementById("watched");
  if (place) place.textContent = words;
}

/** Costs, payoff and warnings of a preview, as the answer has them. */
function details({ blocks, structured }) {
  const estimate = blocks.find((block) => block.header);
  const hidden = /^(PREVIEW|ticket:|next:|warning:|could not be checked:|cannot be placed:)/;
  const lines = blocks.map((block) => block.line).filter((line) => line && !hidden.test(line));
  const points = structured.payoff?.points ?? [];
  return [
    ...(structured.warnings ?? []).map((warning) => make("p", { class: "warning", text: warning })),
    points.length > 1 ? payoffPicture(points) : null,
    amounts(estimate, lines),
  ];
}

/** What Aries estimates, and what the answer says in lines of a name and a value. */
function amounts(estimate, lines) {
  const estimated = (estimate?.rows ?? []).map((row) => [row[0], `${row[1]} ${estimate.header[1]}`]);
  const said = lines.map((line) => {
    const [name, ...value] = line.split(": ");
    return value.length > 0 ? [name, value.join(": ")] : ["", line];
  });
  const row = ([name, value]) => make("tr", {}, make("th", { scope: "row", text: name }), make("td", { text: value }));
  return make("table", { class: "amounts" }, make("tbody", {}, ...[...estimated, ...said].map(row)));
}

/**
 * The buttons, as far as the client lets a view do something: a live order is approved on the page at `page` alone. Without
 * a ticket there are none, but the reason.
 */
function decision({ ticket, expires_at: end, approval_page: address, approve_here: here, barred_because: reason }) {
  if (!ticket) {
    const words = `This order cannot be placed${reason ? `: ${reason}` : ""}. ${SWITCHED_ON_BY_YOU}`;
    return make("p", { class: "problem", text: words });
  }
  const mayAsk = link.canAsk();
  const page = String(address ?? "").startsWith("http://127.0.0.1:") ? address : null;
  const approve = page
    ? make("button", { type: "button", class: "approve", text: "Approve on the page in the browser", onclick: () => openPage(page) })
    : make("button", { type: "button", class: "approve", text: "Approve", onclick: () => askAndShow(view, link, { ticket }) });
  if (!page && !(here && mayAsk)) return make("p", { class: "note", text: "Say in the chat whether you want exactly this." });
  const reject = mayAsk ? make("button", { type: "button", text: "Reject", onclick: () => rejectOrder(ticket) }) : null;
  const left = make("span", { id: "left", class: "soft", role: "timer" });
  clock = countdown(Date.parse(end), (seconds) => {
    left.textContent = seconds > 0 ? `${seconds} s left` : "The time is over. If it was not placed before, nothing is sent: ask for a new preview.";
    approve.disabled = seconds === 0;
    if (reject) reject.disabled = seconds === 0;
  });
  return make("div", { class: "row" }, approve, reject, left);
}

/** Has the client open the approval page, and tells its address to whoever has to open it by hand. */
async function openPage(page) {
  clearInterval(clock);
  document.getElementById("left").textContent = "";
  document.getElementById("opening")?.remove();
  const words = make("p", {
    role: "status",
    text: "Approve or reject the order on the page that opens in your browser. Nothing is sent unless you approve it there.",
  });
  const byHand = make("p", { text: "If no page opens, open this address in a browser on this computer: " }, make("code", { text: page }));
  link.input = { ticket: preview.structured.ticket };
  document.getElementById("view").append(make("div", { id: "opening" }, words, byHand, again()));
  try {
    await link.open(page);
  } catch (error) {
    words.className = "problem";
    words.textContent = `The client did not open the page (${error.message}). Open the address below yourself: nothing is sent unless you approve the order there.`;
  }
}

async function rejectOrder(ticket) {
  try {
    show(view, await link.ask({ ticket }, "reject_order"), link);
  } catch (error) {
    say(`The order could not be rejected here: ${error.message}. Nothing is sent unless somebody approves it.`, "problem");
  }
}

/** Asking again with the same ticket tells the outcome and never sends twice. */
function again() {
  const ticket = link.input.ticket ?? preview?.structured.ticket;
  if (!link.canAsk() || !ticket) return null;
  return make("button", { type: "button", text: "Show the outcome", onclick: () => askAndShow(view, link, { ticket }) });
}

const PAYOFF = { width: 360, height: 156, above: 18, below: 38, gap: 52 };

/**
 * Profit or loss at expiration over the price of the underlying. `points` are pairs of a price and the profit there, as
 * texts and by rising price; between them the profit is a straight line.
 */
function payoffPicture(points) {
  const { width, height } = PAYOFF;
  const at = payoffScale(points.map((point) => point.map(number)));
  const zero = at.y(0);
  const parts = at.spots.slice(1).map(([right, profit], index) => {
    const [left, before] = at.spots[index];
    const corners = [[left, zero], [left, at.y(before)], [right, at.y(profit)], [right, zero]];
    return draw("polygon", { class: before + profit < 0 ? "loss" : "gain", points: corners.join(" ") });
  });
  const curve = at.spots.map(([x, profit]) => [x, at.y(profit)]).join(" ");
  const label = points.map(([price, profit]) => `${profit} USD at ${price}`).join(", ");
  const picture = draw(
    "svg",
    { class: "payoff", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Profit or loss at expiration: ${label}` },
    ...parts,
    draw("line", { class: "zero", x1: 0, x2: width, y1: zero, y2: zero }),
    draw("polyline", { class: "curve", points: curve }),
    ...payoffEnds(points, at),
    ...payoffPrices(points, at.spots),
  );
  const caption = "Profit (green) or loss (red) in USD at expiration, by the price of the underlying";
  return make("figure", {}, picture, make("figcaption", { text: caption }));
}

/** Where each point lies from left to right, with its profit, and how high a profit lies. */
function payoffScale(points) {
  const { width, height, above, below } = PAYOFF;
  const [left, right] = [points[0][0], points.at(-1)[0]];
  const profits = points.map(([, profit]) => profit);
  const [low, high] = [Math.min(0, ...profits), Math.max(0, ...profits)];
  return {
    spots: points.map(([price, profit]) => [((price - left) / (right - left || 1)) * width, profit]),
    y: (profit) => above + ((high - profit) / (high - low || 1)) * (height - above - below),
  };
}

/** The profit at both ends of the curve. */
function payoffEnds(points, { spots, y }) {
  const end = (index, x, kind) => draw("text", { class: kind, x, y: y(spots.at(index)[1]) - 5, text: points.at(index)[1] });
  return [end(0, 2, "first"), end(-1, PAYOFF.width - 2, "last")];
}

/** The prices below the curve, in two lines, as many as have room side by side. */
function payoffPrices(points, spots) {
  const { width, height, gap } = PAYOFF;
  const free = [gap / 2, gap / 2];
  return spots.flatMap(([x], index) => {
    const line = free.findIndex((from) => x >= from);
    if (line < 0 || x > width - gap / 2) return [];
    free[line] = x + gap;
    const text = number(points[index][0]).toFixed(2);
    return [draw("text", { x, y: height - 22 + 14 * line, text })];
  });
}
