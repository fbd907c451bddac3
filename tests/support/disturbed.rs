//! A server on a thread that stands before the embedded Aries and changes the form of what it answers.

use std::collections::HashMap;
use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};

use super::Aries;
use super::scripted::read_request;

/// How an answer differs from what is documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    Documented,
    NumbersAsText,
    WrappedInData,
    /// The list or object alone, without its envelope.
    Bare,
    UnknownMembers,
    SnakeCase,
    CamelCase,
    /// Every name is another one.
    Renamed,
    UpperCase,
}

/// Every form but the documented one.
pub const FORMS: [Form; 8] = [
    Form::NumbersAsText,
    Form::WrappedInData,
    Form::Bare,
    Form::UnknownMembers,
    Form::SnakeCase,
    Form::CamelCase,
    Form::Renamed,
    Form::UpperCase,
];

impl Form {
    pub fn of(self, answer: &Value) -> Value {
        match self {
            Form::Documented => answer.clone(),
            Form::WrappedInData => json!({"data": answer}),
            Form::Bare => bare(answer),
            Form::NumbersAsText => each(answer, &|members| members, &|value| match value {
                Value::Number(number) => json!(number.to_string()),
                other => other,
            }),
            Form::UnknownMembers => each(
                answer,
                &|mut members| {
                    members.push(("zzWord".to_owned(), json!("zz")));
                    members.push(("zzMore".to_owned(), json!({"zzList": ["zz"]})));
                    members
                },
                &|value| value,
            ),
            Form::SnakeCase => renamed(answer, &snake),
            Form::CamelCase => renamed(answer, &camel),
            Form::Renamed => renamed(answer, &|name| format!("zz{name}")),
            Form::UpperCase => renamed(answer, &|name| name.to_uppercase()),
        }
    }
}

type Members = Vec<(String, Value)>;

fn each(value: &Value, members: &dyn Fn(Members) -> Members, leaf: &dyn Fn(Value) -> Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| each(item, members, leaf)).collect(),
        Value::Object(own) => {
            let own = own.iter().map(|(name, value)| (name.clone(), each(value, members, leaf))).collect();
            Value::Object(members(own).into_iter().collect::<Map<_, _>>())
        }
        leaf_value => leaf(leaf_value.clone()),
    }
}

fn renamed(answer: &Value, name: &dyn Fn(&str) -> String) -> Value {
    let members = |own: Members| {
        // Where two documented names differ in their case alone (`t` and `T`), they stay as they are.
        let stays = |new: &str, old: &str| own.iter().any(|(other, _)| other != old && *other == new);
        let renamed =
            |old: &String| Some(name(old)).filter(|new| !stays(new, old)).unwrap_or_else(|| old.clone());
        own.iter().map(|(old, value)| (renamed(old), value.clone())).collect()
    };
    each(answer, &members, &|value| value)
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut was_lower = false;
    for letter in name.chars() {
        if letter.is_uppercase() && was_lower {
            snake.push('_');
        }
        was_lower = letter.is_lowercase();
        snake.extend(letter.to_lowercase());
    }
    snake
}

fn camel(name: &str) -> String {
    let mut camel = String::new();
    for part in name.split('_') {
        let mut letters = part.chars();
        match letters.next() {
            Some(first) if !camel.is_empty() => camel.extend(first.to_uppercase().chain(letters)),
            Some(first) => camel.extend(first.to_lowercase().chain(letters)),
            None => {}
        }
    }
    camel
}

/// Members beside which the only list or object of an answer is its envelope.
const REMARKS: [&str; 12] = [
    "status",
    "requestId",
    "request_id",
    "count",
    "nextUrl",
    "nextCursor",
    "s",
    "symbol",
    "total",
    "user_id",
    "pagination",
    "availability",
];

fn bare(answer: &Value) -> Value {
    let Value::Object(members) = answer else { return answer.clone() };
    let others = || members.iter().filter(|(name, _)| !REMARKS.contains(&name.as_str()));
    match (others().count(), others().next()) {
        (1, Some((_, inner @ (Value::Array(_) | Value::Object(_))))) => bare(inner),
        _ => answer.clone(),
    }
}

#[derive(Default)]
struct State {
    form: Option<Form>,
    /// The path whose answers are changed, with `{name}` for any segment.
    path: String,
    /// How often that was asked for.
    asked: usize,
    /// Paths that are answered as if Aries did not have them.
    absent: Vec<String>,
    /// What Aries answered to a request, so that every form is made of the same answer.
    answers: HashMap<String, (u16, Value)>,
}

/// The address of an Aries that answers in a form.
pub struct Disturbed {
    pub origin: String,
    state: Arc<Mutex<State>>,
}

impl Disturbed {
    pub fn start(aries: Arc<Aries>, token: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (aries, token, state) = (Arc::clone(&aries), token.clone(), Arc::clone(&shared));
                std::thread::spawn(move || talk(stream, &aries, &token, &state));
            }
        });
        Self { origin, state }
    }

    /// From now on answers of this path have this form.
    pub fn disturb(&self, path: &str, form: Form) {
        let mut state = self.state.lock().unwrap();
        state.form = Some(form);
        path.clone_into(&mut state.path);
        state.asked = 0;
    }

    /// From now on Aries has none of these paths, so that what is asked after them is reached.
    pub fn leave_out(&self, paths: &[&str]) {
        self.state.lock().unwrap().absent = paths.iter().map(|path| (*path).to_owned()).collect();
    }

    /// How many answers were given in the form.
    pub fn asked(&self) -> usize {
        self.state.lock().unwrap().asked
    }
}

fn talk(stream: TcpStream, aries: &Aries, token: &str, state: &Mutex<State>) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    while let Some((request, body)) = read_request(&mut reader) {
        let (method, target) = request.split_once(' ').unwrap();
        let key = format!("{} {body}", timeless(&request));
        let is_absent = state.lock().unwrap().absent.iter().any(|path| is_path(path, target));
        let absent = || Some((404, json!({"error": "no such endpoint"}))).filter(|_| is_absent);
        let known = absent().or_else(|| state.lock().unwrap().answers.get(&key).cloned());
        let (status, answer) = known.unwrap_or_else(|| {
            let sent = (!body.is_empty()).then(|| serde_json::from_str(&body).unwrap());
            let answer = aries.http_with_status(method, target, Some(token), sent);
            state.lock().unwrap().answers.insert(key, answer.clone());
            answer
        });
        let text = {
            let mut state = state.lock().unwrap();
            let is_meant = status == 200 && is_path(&state.path, target);
            state.asked += usize::from(is_meant);
            let form = state.form.filter(|_| is_meant).unwrap_or(Form::Documented);
            form.of(&answer).to_string()
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            text.len()
        );
        if writer.write_all((head + &text).as_bytes()).is_err() {
            return;
        }
    }
}

/// The request without moments: what is asked up to now is asked anew every second.
fn timeless(request: &str) -> String {
    let is_moment = |value: &str| {
        value.len() >= 10 && value.bytes().all(|byte| byte.is_ascii_digit()) || value.contains("%3A")
    };
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, value)) if is_moment(value) => format!("{name}=*"),
        _ => pair.to_owned(),
    };
    request.split('&').map(pair).collect::<Vec<_>>().join("&")
}

fn is_path(path: &str, target: &str) -> bool {
    let given: Vec<&str> = target.split('?').next().unwrap().split('/').collect();
    let own: Vec<&str> = path.split('/').collect();
    own.len() == given.len()
        && own.iter().zip(&given).all(|(own, given)| own.starts_with('{') || own == given)
}
