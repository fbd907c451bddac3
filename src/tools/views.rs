//! Tools that are views over endpoint rows and nothing else: schema, requests and answer derive from the views.

mod answer;
mod arguments;
mod asked;
mod batch;
mod elements;
mod extent;
mod input;
mod request;
mod several;

use serde_json::Value;

use super::answer::Answer;
use super::call::Call;
use super::schema::Object;
use super::shape::{Column, Layout, Order, Shape};
use crate::aries::endpoint::Endpoint;
use crate::error::{Error, Result};

/// What a tool of views shows, and what its arguments mean.
pub(super) struct Views {
    /// The name of every argument, and what it means, for the model.
    pub(super) arguments: &'static [(&'static str, &'static str)],
    /// The views; the first one is shown where none is named.
    pub(super) views: &'static [View],
}

/// One endpoint as one view of a tool.
pub(super) struct View {
    /// The word that chooses it.
    pub(super) name: &'static str,
    /// What it answers, in a few words.
    pub(super) title: &'static str,
    pub(super) endpoint: &'static Endpoint,
    /// Example arguments besides the one that chooses this view, as JSON.
    example: &'static str,
    /// Where to look without an argument that it needs; empty if nowhere.
    instead: &'static str,
    shape: Shape,
    /// Lists inside the elements whose elements are shown instead, from the outside to the inside.
    inner: &'static [&'static str],
    companies: Companies,
    /// The days that are asked about where companies are named and no days are.
    days: Option<(&'static str, Option<&'static str>)>,
    /// Rows of one page of Aries', where so many are asked for whatever the caller wants: the largest of a page are shown, and a
    /// small page has only small ones.
    page: Option<usize>,
    /// The order of the rows of several companies, where it is another one.
    order_of_several: Option<Order>,
}

/// About how many companies one call of a view can ask.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Companies {
    One,
    /// Those of `symbols`, or all that are held with `holdings`.
    Several,
}

/// A view of a table without columns, whose example is Apple until [`View::example`] gives another.
pub(super) const fn view(name: &'static str, title: &'static str, endpoint: &'static Endpoint) -> View {
    let (example, companies) = (r#"{"symbol":"AAPL"}"#, Companies::One);
    View {
        name,
        title,
        endpoint,
        example,
        instead: "",
        shape: Shape::TABLE,
        inner: &[],
        companies,
        days: None,
        page: None,
        order_of_several: None,
    }
}

impl View {
    pub(super) const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }

    /// Says where to look without an argument that the view needs.
    pub(super) const fn instead(self, instead: &'static str) -> Self {
        Self { instead, ..self }
    }

    pub(super) const fn shape(self, shape: Shape) -> Self {
        Self { shape, ..self }
    }

    /// A table of these columns.
    pub(super) const fn rows(self, columns: &'static [Column]) -> Self {
        let shape = Shape { columns, ..self.shape };
        self.shape(shape)
    }

    /// Shows the elements of these lists inside the elements, from the outside to the inside. A column finds a member of
    /// what is around them under its name behind `^`, and the name of the list as `^list`. `children*` shows a tree: each
    /// element and, behind it, those in its list of this name.
    pub(super) const fn inner(self, inner: &'static [&'static str]) -> Self {
        Self { inner, ..self }
    }

    /// Takes several companies, or those that are held, and asks about these days where none are given.
    pub(super) const fn several(self, from: &'static str, to: Option<&'static str>) -> Self {
        Self { companies: Companies::Several, days: Some((from, to)), ..self }
    }

    /// Shows the rows of several companies by their days, the next first.
    pub(super) const fn next_first(self, day: &'static str) -> Self {
        Self { order_of_several: Some(Order::Up(day)), ..self }
    }

    /// Asks for pages of so many rows, of which the caller sees the first of the view's order.
    pub(super) const fn pages_of(self, rows: usize) -> Self {
        Self { page: Some(rows), ..self }
    }

    /// Rows that are asked for at once.
    fn asked_at_once(&self, wanted: usize) -> usize {
        self.page.unwrap_or(wanted)
    }

    /// One object with these columns.
    pub(super) const fn one(self, columns: &'static [Column]) -> Self {
        let shape = Shape { layout: Layout::Object, columns, ..self.shape };
        self.shape(shape)
    }

    pub(super) const fn layout(self, layout: Layout) -> Self {
        let shape = Shape { layout, ..self.shape };
        self.shape(shape)
    }

    /// Shows the growth of these figures year on year, and their sum over the last twelve months.
    pub(super) const fn growth(self, growth: &'static [Column]) -> Self {
        let shape = Shape { growth, ..self.shape };
        self.shape(shape)
    }

    pub(super) const fn units(self, units: &'static str) -> Self {
        let shape = Shape { units, ..self.shape };
        self.shape(shape)
    }

    pub(super) const fn order(self, order: Order) -> Self {
        let shape = Shape { order, ..self.shape };
        self.shape(shape)
    }

    pub(super) const fn head(self, head: &'static [Column]) -> Self {
        let shape = Shape { head, ..self.shape };
        self.shape(shape)
    }

    pub(super) const fn empty(self, empty: &'static str) -> Self {
        let shape = Shape { empty, ..self.shape };
        self.shape(shape)
    }

    pub(super) const fn usual(self, usual: usize) -> Self {
        let shape = Shape { usual, ..self.shape };
        self.shape(shape)
    }
}

impl Views {
    /// The endpoints, each with example arguments that choose its view.
    pub(super) fn endpoints(&self) -> Vec<(&'static Endpoint, String)> {
        let rows = |view: &View| [Some(view.endpoint), view.endpoint.older].into_iter().flatten();
        self.views.iter().flat_map(|view| rows(view).map(|row| (row, self.example(view)))).collect()
    }

    fn example(&self, view: &View) -> String {
        let others = view.example.trim_start_matches('{');
        match (self.views.len(), others) {
            (1, _) => view.example.to_owned(),
            (_, "}") => format!(r#"{{"view":"{}"}}"#, view.name),
            _ => format!(r#"{{"view":"{}",{others}"#, view.name),
        }
    }
}

/// Runs a tool of views on arguments that fit its schema.
pub(super) async fn run(tool: &str, views: &'static Views, call: Call, mut args: Object) -> Result<Answer> {
    let name = args.remove("view");
    let found = match name.as_ref().and_then(Value::as_str) {
        Some(name) => views.views.iter().find(|view| view.name == name),
        None => views.views.first(),
    };
    let Some(view) = found else {
        return Err(Error::usage("`view`: there is no such view", "compare it with the tool's schema"));
    };
    let columns = arguments::columns_asked_for(view, &mut args);
    let readings = arguments::readings(view, &args);
    let example = format!("example: {tool} {}", views.example(view));
    let answer = ask(call, views, view, args, example).await?;
    Ok(readings.into_iter().chain(columns).fold(answer, Answer::line))
}

/// Asks Aries what the view is about. An error about the arguments ends with `example`.
async fn ask(
    call: Call,
    views: &'static Views,
    view: &'static View,
    mut args: Object,
    example: String,
) -> Result<Answer> {
    let (wanted, begin) = arguments::taken(view, &mut args)?;
    arguments::fits(view, views, &args, &example)?;
    if let Some(companies) = several::taken(&call, view, &mut args).await? {
        return several::run(&call, view, &args, companies, &wanted, &example).await;
    }
    let badly_written = batch::sound(view, &mut args)?;
    let request = request::request(view, &args, &wanted, begin.page.as_deref(), &example)?;
    let answer = match call.aries.read(&request).await {
        Ok(reply) => {
            let answer = answer::answer(&call, view, &request, &reply, &wanted, &begin)?;
            let unanswered = batch::unanswered(view, &args, &reply, &wanted).filter(|_| begin.page.is_none());
            unanswered.into_iter().fold(answer, Answer::line)
        }
        Err(error) => match batch::one_by_one(view, &args, &error) {
            Some(symbols) => several::run(&call, view, &args, symbols, &wanted, &example).await?,
            None => return Err(error),
        },
    };
    Ok(badly_written.into_iter().fold(answer, Answer::line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aries::endpoints;
    use crate::tools::{TOOLS, Tool, Work, args};
    use serde_json::json;

    /// Every tool of views.
    pub(super) fn tools_of_views() -> impl Iterator<Item = (&'static Tool, &'static Views)> {
        TOOLS.iter().filter_map(|tool| match &tool.work {
            Work::Views(views) => Some((*tool, views)),
            Work::Code { .. } => None,
        })
    }

    #[test]
    fn every_view_shows_a_row_of_the_table() {
        for (tool, views) in tools_of_views() {
            for view in views.views {
                let is_listed = endpoints::all().any(|row| std::ptr::eq(row, view.endpoint));
                let path = view.endpoint.path;
                assert!(is_listed, "{}: add {path} to `ROWS` of its file in src/aries/endpoints", tool.name);
            }
        }
    }

    #[test]
    fn every_example_fits_its_view() {
        for (tool, views) in tools_of_views() {
            for view in views.views {
                let given: Object = serde_json::from_str(&views.example(view)).unwrap();
                let mut args = args::check(&views.input(), given, args::Forms::Lenient, "").unwrap().args;
                let chosen = args.remove("view");
                let is_chosen = chosen.as_ref().and_then(Value::as_str) == Some(view.name);
                assert!(is_chosen || views.views.len() == 1, "{}: {}", tool.name, views.example(view));
                let (wanted, begin) = arguments::taken(view, &mut args).unwrap();
                arguments::fits(view, views, &args, "").unwrap();
                request::request(view, &args, &wanted, begin.page.as_deref(), "").unwrap();
            }
        }
    }

    #[test]
    fn who_leaves_out_what_a_view_needs_is_told_where_to_look() {
        let refusal = |tool: &str, name: &str| {
            let (_, views) = tools_of_views().find(|(one, _)| one.name == tool).unwrap();
            let view = views.views.iter().find(|view| view.name == name).unwrap();
            arguments::fits(view, views, &Object::new(), "example").unwrap_err().to_string()
        };
        assert_eq!(
            refusal("get_option_activity", "unusual"),
            "error: `symbol` is missing for unusual\nhint: view activity has those of the whole market; example"
        );
        assert!(refusal("get_estimates", "calls").ends_with("\nhint: example"));
        // What is named is there.
        for (tool, views) in tools_of_views() {
            for view in views.views {
                let words: Vec<_> = view.instead.split([' ', ',', ';']).collect();
                for pair in words.windows(2) {
                    let is_view = views.views.iter().any(|view| view.name == pair[1]);
                    assert!(pair[0] != "view" || is_view, "{}: {}", tool.name, view.instead);
                    let is_tool = TOOLS.iter().any(|tool| tool.name == pair[0]);
                    assert!(!pair[0].starts_with("get_") || is_tool, "{}: {}", tool.name, view.instead);
                }
            }
        }
    }

    #[test]
    fn of_a_cursor_only_known_members_are_sent() {
        let mut args = Object::new();
        args.insert(
            "cursor".to_owned(),
            json!("~lastIndex=7&lastDisbursementDate=2026-11-01&path=/v1/users/me"),
        );
        let mut views = tools_of_views().flat_map(|(_, views)| views.views);
        let spent = views.find(|view| std::ptr::eq(view.endpoint, &endpoints::DISBURSEMENTS)).unwrap();
        let (wanted, begin) = arguments::taken(spent, &mut args).unwrap();
        let request = request::request(spent, &args, &wanted, begin.page.as_deref(), "").unwrap();
        let query: Vec<_> = request.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(query, ["perPage=20", "lastIndex=7", "lastDisbursementDate=2026-11-01"]);
    }
}
