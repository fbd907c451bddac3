// preview_order and place_order: what would be sent, from which account, at which cost, and what became of it.
//
// A live order is never approved here: the button opens the program's own page in the browser, where the person decides.

const view = { tool: "place_order", draw: drawOrder };
const link = connect(view);

/** A preview stays in sight while its order is decided. */
let preview = null;
let clock = null;

function drawOrder(answer) {
  const { structured } = answer;
  if (structured.ticket) preview = answer;
  const state = structured.state ? structured : null;
  const shown = preview ?? answer;
  clearInterval(clock);
  put(
    make("div", { class: "row" }, badge(accountOf(structured.summary ?? ""))),
    ...(state ? outcome(state, answer) : []),
    make("p", { class: "sentence", text: sentenceOf(shown.structured.summary ?? "") }),
    ...(preview ? details(preview) : []),
    preview && !state ? decision(preview.structured) : null,
    state && mayChange(state.state) ? again() : null,
  );
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

function outcome(state, answer) {
  const good = ["FILLED", "WORKING", "PARTIALLY FILLED", "SENT", "WAITING FOR APPROVAL"].includes(state.state);
  const notes = answer.blocks.slice(1).map((block) => block.line ?? "").filter((line) => !line.startsWith("next:"));
  return [
    make("p", { class: good ? "state" : "state down", role: "status", text: state.state }),
    ...notes.map((line) => make("p", { class: "note", text: line })),
  ];
}

function mayChange(state) {
  return ["WAITING FOR APPROVAL", "WORKING", "PARTIALLY FILLED", "SENT", "UNKNOWN"].includes(state);
}

/** Costs, payoff and warnings of a preview, as the answer has them. */
function details({ blocks, structured }) {
  const amounts = blocks.find((block) => block.header);
  const warnings = structured.warnings ?? [];
  const said = blocks.map((block) => block.line).filter((line) => line && !/^(PREVIEW|ticket:|next:|warning:|could not be checked:)/.test(line));
  return [
    amounts ? money(amounts) : null,
    structured.payoff ? payoff(structured.payoff) : null,
    ...said.map((line) => make("p", { class: "note", text: line })),
    ...warnings.map((warning) => make("p", { class: "warning", text: warning })),
  ];
}

function money({ header, rows }) {
  const unit = header[1];
  const line = (row) => make("tr", {}, make("th", { scope: "row", text: row[0] }), make("td", { text: `${row[1]} ${unit}` }));
  return make("table", { class: "amounts" }, make("tbody", {}, ...rows.map(line)));
}

/** Profit or loss at expiration over the price of the underlying. */
function payoff({ points }) {
  const [width, height, edge] = [320, 120, 14];
  const at = points.map((point) => point.map(number));
  const [prices, profits] = [at.map(([price]) => price), at.map(([, profit]) => profit)];
  const [left, right] = [Math.min(...prices), Math.max(...prices)];
  const [low, high] = [Math.min(0, ...profits), Math.max(0, ...profits)];
  const x = (price) => ((price - left) / (right - left || 1)) * width;
  const y = (profit) => edge + ((high - profit) / (high - low || 1)) * (height - 2 * edge);
  const line = at.map(([price, profit]) => `${x(price).toFixed(1)},${y(profit).toFixed(1)}`).join(" ");
  const label = `Profit or loss at expiration: ${points.map(([price, profit]) => `${profit} USD at ${price}`).join(", ")}`;
  return draw(
    "svg",
    { class: "payoff", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    draw("line", { class: "zero", x1: 0, x2: width, y1: y(0), y2: y(0) }),
    draw("polyline", { points: line }),
    draw("text", { x: 2, y: height - 2, text: points[0][0] }),
    draw("text", { x: width - 2, y: height - 2, "text-anchor": "end", text: points.at(-1)[0] }),
    draw("text", { x: 2, y: 10, text: "profit or loss at expiration, USD" }),
  );
}

function decision({ ticket, expires_at: end, approval_page: page, approve_here: here }) {
  if (!link.canAsk() || !(page || here)) return make("p", { class: "note", text: "Say in the chat whether you want exactly this." });
  const left = make("span", { class: "soft", role: "timer" });
  const approve = make("button", {
    type: "button",
    class: "approve",
    text: page ? "Approve on the page in the browser" : "Approve",
    onclick: () => (page ? openPage(page) : askAndShow(view, link, { ticket })),
  });
  const reject = make("button", { type: "button", text: "Reject", onclick: () => rejectOrder(ticket) });
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((Date.parse(end) - Date.now()) / 1000));
    left.textContent = seconds > 0 ? `${seconds} s left` : "The time is over: nothing was sent. Ask for a new preview.";
    if (seconds > 0) return;
    approve.disabled = true;
    reject.disabled = true;
    clearInterval(clock);
  };
  clock = setInterval(tick, 1000);
  tick();
  return make("div", { class: "row" }, approve, reject, left);
}

async function openPage(page) {
  try {
    await link.open(page);
    link.input = { ticket: preview.structured.ticket };
    say("Approve or reject the order on the page that opens in your browser. Nothing is sent unless you approve it there.");
    document.getElementById("view").append(again());
  } catch (error) {
    say(`The client did not open the page: ${error.message}. Say in the chat that you want the order; then you are asked.`, "problem");
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
  if (!link.canAsk() || !(link.input.ticket ?? preview?.structured.ticket)) return null;
  const ticket = link.input.ticket ?? preview.structured.ticket;
  return make("button", { type: "button", text: "Show the outcome", onclick: () => askAndShow(view, link, { ticket }) });
}
