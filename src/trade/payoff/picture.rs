//! A payoff as a picture: SVG from the points of its curve.

use std::fmt::Write;

use rust_decimal::Decimal;

use super::Payoff;
use crate::trade::checks::notional::cents;

const WIDTH: i64 = 520;
const HEIGHT: i64 = 170;
/// Room above and below the curve; the prices stand below.
const ABOVE: i64 = 12;
const BELOW: i64 = 28;
/// Prices closer than this are not written side by side.
const LEAST_GAP: i64 = 58;

impl Payoff {
    /// The profit at expiration with the rows as its text; `None` where there is no curve.
    pub(crate) fn picture(&self) -> Option<String> {
        let points = self.curve()?.points();
        let label: Vec<String> =
            self.results().into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
        svg(&points, &format!("Profit or loss at expiration. {}", label.join(". ")))
    }
}

/// Draws points of price and profit that are in rising order. `label` is what a reader hears in place of the picture; it
/// holds nothing that HTML would read as a mark.
fn svg(points: &[(Decimal, Decimal)], label: &str) -> Option<String> {
    let scale = Scale::of(points)?;
    let zero = scale.y(Decimal::ZERO);
    let mut body = String::new();
    for pair in points.windows(2) {
        let [(from, left), (to, right)] = pair else { continue };
        let class = if (*left + *right).is_sign_negative() { "loss" } else { "gain" };
        let ([x, y], [until, end]) = ([scale.x(*from), scale.y(*left)], [scale.x(*to), scale.y(*right)]);
        let _ = write!(
            body,
            "<polygon class=\"{class}\" points=\"{x},{zero} {x},{y} {until},{end} {until},{zero}\"/>"
        );
    }
    let line: Vec<String> =
        points.iter().map(|(price, profit)| format!("{},{}", scale.x(*price), scale.y(*profit))).collect();
    let _ = write!(
        body,
        "<line class=\"zero\" x1=\"0\" x2=\"{WIDTH}\" y1=\"{zero}\" y2=\"{zero}\"/><polyline class=\"curve\" points=\"{}\"/>",
        line.join(" ")
    );
    body += &prices(points, &scale);
    Some(format!(
        "<svg class=\"payoff\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">{body}</svg>"
    ))
}

/// The prices below the curve, as many as have room.
fn prices(points: &[(Decimal, Decimal)], scale: &Scale) -> String {
    let (mut free, mut text) = (Decimal::from(LEAST_GAP / 2), String::new());
    for (price, _) in points {
        let x = scale.x(*price);
        if x >= free && x <= Decimal::from(WIDTH - LEAST_GAP / 2) {
            free = x + Decimal::from(LEAST_GAP);
            let _ = write!(text, "<text x=\"{x}\" y=\"{}\">{}</text>", HEIGHT - 8, cents(*price));
        }
    }
    text
}

/// From prices and profits to the picture.
struct Scale {
    low: Decimal,
    width: Decimal,
    top: Decimal,
    height: Decimal,
}

impl Scale {
    fn of(points: &[(Decimal, Decimal)]) -> Option<Self> {
        let (low, high) = (points.first()?.0, points.last()?.0);
        let profits = || points.iter().map(|(_, profit)| *profit).chain([Decimal::ZERO]);
        let (bottom, top) = (profits().min()?, profits().max()?);
        let (width, height) = (high - low, top - bottom);
        (width > Decimal::ZERO && height > Decimal::ZERO).then_some(Self { low, width, top, height })
    }

    fn x(&self, price: Decimal) -> Decimal {
        ((price - self.low) * Decimal::from(WIDTH) / self.width).round_dp(1).normalize()
    }

    fn y(&self, profit: Decimal) -> Decimal {
        let room = Decimal::from(HEIGHT - ABOVE - BELOW);
        (Decimal::from(ABOVE) + (self.top - profit) * room / self.height).round_dp(1).normalize()
    }
}
