// get_bars: candles or a line, volume below, a crosshair that reads one bar.

const view = { tool: "get_bars", draw: drawChart };
const link = connect(view);

const HEIGHT = 300;
const VOLUME = 56;
const RIGHT = 62;
const BOTTOM = 22;
const TOP = 8;
const RANGES = {
  "1 D": { interval: "5m", limit: 78 },
  "5 D": { interval: "30m", limit: 65 },
  "1 M": { interval: "1d", limit: 22 },
  "6 M": { interval: "1d", limit: 126 },
  "1 Y": { interval: "1d", limit: 252 },
  "5 Y": { interval: "1w", limit: 260 },
};
let style = "Candles";
let bars = null;
let chosen = -1;

function drawChart(answer) {
  const table = answer.blocks.find((block) => block.header?.includes("close"));
  const lines = answer.blocks.filter((block) => block.line !== undefined).map((block) => block.line);
  bars = table ? barsOf(table) : [];
  chosen = bars.length - 1;
  const [head = "", ...notes] = lines;
  put(
    make("div", { class: "row" }, make("h1", { text: head.split(" · ")[1] ?? "" }), make("span", { class: "soft", text: head })),
    link.canAsk() && link.input.symbol ? choice("Range", Object.keys(RANGES), rangeOf(link.input), chooseRange) : null,
    choice("Style", ["Candles", "Line"], style, chooseStyle(answer)),
    make("p", { id: "reading", role: "status" }),
    make("div", { id: "plot" }),
    bars.length > 0 ? figures(table) : null,
    ...forPeople(notes),
  );
  redraw();
}

/** The bars whose four prices are known; what is shown stays text. */
function barsOf({ header, rows }) {
  const at = (name) => header.indexOf(name);
  const columns = ["time", "open", "high", "low", "close", "volume"].map(at);
  return rows
    .map((row) => {
      const [time, ...texts] = columns.map((column) => row[column] ?? "—");
      const [open, high, low, close, volume] = texts.map(number);
      return { time, texts, open, high, low, close, volume };
    })
    .filter((bar) => [bar.open, bar.high, bar.low, bar.close].every((price) => !Number.isNaN(price)));
}

/** The button whose question has been asked. */
function rangeOf({ interval, limit }) {
  return Object.keys(RANGES).find((name) => RANGES[name].interval === interval && RANGES[name].limit === limit);
}

function chooseRange(name) {
  askAndShow(view, link, { symbol: link.input.symbol, ...RANGES[name] });
}

function chooseStyle(answer) {
  return (name) => {
    style = name;
    drawChart(answer);
  };
}

/** The table behind the picture, for whoever wants figures or cannot see it. */
function figures({ header, rows }) {
  const head = make("tr", {}, ...header.map((name) => make("th", { scope: "col", text: name })));
  const line = (row) => make("tr", {}, ...row.map((text) => make("td", { text })));
  const table = make("table", {}, make("thead", {}, head), make("tbody", {}, ...[...rows].reverse().map(line)));
  return make("details", {}, make("summary", { text: "Figures" }), make("div", { class: "wide" }, table));
}

function redraw() {
  const plot = document.getElementById("plot");
  if (!plot || !bars || bars.length === 0) return;
  const scale = scaleOf(plot.clientWidth || 320);
  const label = `${bars.length} bars from ${bars[0].time} to ${bars.at(-1).time}; the arrow keys read one bar`;
  const picture = draw(
    "svg",
    { viewBox: `0 0 ${scale.width} ${HEIGHT}`, height: HEIGHT, role: "img", tabindex: "0", "aria-label": label },
    ...grid(scale),
    ...bars.map((bar, index) => volumeBar(scale, bar, index)),
    ...(style === "Line" ? [priceLine(scale)] : bars.flatMap((bar, index) => candle(scale, bar, index))),
    draw("g", { id: "crosshair", class: "crosshair" }),
  );
  picture.addEventListener("pointermove", (event) => {
    const left = event.clientX - picture.getBoundingClientRect().left;
    read(scale, Math.floor((left / (scale.width - RIGHT)) * bars.length));
  });
  picture.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: chosen - 1, ArrowRight: chosen + 1, Home: 0, End: bars.length - 1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    read(scale, steps[event.key]);
  });
  plot.replaceChildren(picture);
  read(scale, chosen);
}

function scaleOf(width) {
  const high = Math.max(...bars.map((bar) => bar.high));
  const low = Math.min(...bars.map((bar) => bar.low));
  const room = (high - low || Math.abs(high) || 1) * 0.04;
  const most = Math.max(...bars.map((bar) => bar.volume || 0));
  const bottom = HEIGHT - BOTTOM - VOLUME;
  const step = (width - RIGHT) / bars.length;
  return {
    width,
    step,
    low: low - room,
    high: high + room,
    x: (index) => (index + 0.5) * step,
    y: (price) => TOP + ((high + room - price) / (high - low + 2 * room)) * (bottom - TOP),
    tall: (volume) => (most > 0 ? (volume / most) * (VOLUME - 6) : 0),
  };
}

/** Five prices at the right, some times below. */
function grid(scale) {
  const lines = [];
  const places = Math.max(...bars.map((bar) => (bar.texts[3].split(".")[1] ?? "").length));
  for (let step = 0; step <= 4; step += 1) {
    const price = scale.low + ((scale.high - scale.low) * (step + 0.5)) / 5;
    const y = scale.y(price);
    lines.push(draw("line", { class: "grid", x1: 0, x2: scale.width - RIGHT, y1: y, y2: y }));
    lines.push(draw("text", { x: scale.width - RIGHT + 6, y: y + 4, text: price.toFixed(places) }));
  }
  const marks = Math.max(1, Math.floor((scale.width - RIGHT) / 120));
  for (let mark = 0; mark < marks; mark += 1) {
    const index = Math.floor(((mark + 0.5) / marks) * bars.length);
    const text = bars[index].time;
    lines.push(draw("text", { x: scale.x(index), y: HEIGHT - 6, "text-anchor": "middle", text }));
  }
  return lines;
}

function volumeBar(scale, bar, index) {
  const height = Number.isNaN(bar.volume) ? 0 : scale.tall(bar.volume);
  const y = HEIGHT - BOTTOM - height;
  const width = Math.max(1, scale.step * 0.7);
  return draw("rect", { class: "volume", x: scale.x(index) - width / 2, y, width, height });
}

function candle(scale, bar, index) {
  const x = scale.x(index);
  const width = Math.max(1, scale.step * 0.7);
  const [top, bottom] = [Math.max(bar.open, bar.close), Math.min(bar.open, bar.close)].map(scale.y);
  const kind = bar.close >= bar.open ? "candle rose" : "candle fell";
  return [
    draw("line", { class: kind, x1: x, x2: x, y1: scale.y(bar.high), y2: scale.y(bar.low) }),
    draw("rect", { class: kind, x: x - width / 2, y: top, width, height: Math.max(1, bottom - top) }),
  ];
}

function priceLine(scale) {
  const points = bars.map((bar, index) => `${scale.x(index).toFixed(1)},${scale.y(bar.close).toFixed(1)}`).join(" ");
  return draw("polyline", { class: "price", points });
}

/** Puts the crosshair on a bar and tells its figures. */
function read(scale, index) {
  chosen = Math.min(bars.length - 1, Math.max(0, index));
  const bar = bars[chosen];
  const x = scale.x(chosen);
  const y = scale.y(bar.close);
  document.getElementById("crosshair").replaceChildren(
    draw("line", { x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM }),
    draw("line", { x1: 0, x2: scale.width - RIGHT, y1: y, y2: y }),
  );
  const names = ["open", "high", "low", "close", "volume"];
  const words = names.map((name, at) => `${name} ${bar.texts[at]}`).join("  ");
  document.getElementById("reading").textContent = `${bar.time}  ${words}`;
}

new ResizeObserver(redraw).observe(document.body);
