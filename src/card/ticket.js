// What the order's view in a client and the approval page share: the picture of a payoff, and the time that is left.

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
    { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Profit or loss at expiration: ${label}` },
    ...parts,
    draw("line", { class: "zero", x1: 0, x2: width, y1: zero, y2: zero }),
    draw("polyline", { class: "curve", points: curve }),
    ...payoffEnds(points, at),
    ...payoffPrices(points, at.spots),
  );
  const caption = "Profit (green) or loss (red) in USD at expiration, by the price of the underlying";
  return make("figure", { class: "payoff" }, picture, make("figcaption", { text: caption }));
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

/** Tells the seconds that are left until a moment, now and from second to second until they are over; 0 for no moment. */
function countdown(end, tell) {
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000)) || 0;
    if (seconds === 0) clearInterval(clock);
    tell(seconds);
  };
  const clock = setInterval(tick, 500);
  tick();
  return clock;
}
