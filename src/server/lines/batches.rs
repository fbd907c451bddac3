//! Batches of requests, whose answers go back together as one list.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

#[derive(Default)]
pub(super) struct Batches(Mutex<Vec<Batch>>);

struct Batch {
    /// The ids that are not answered yet.
    open: Vec<Value>,
    answers: Vec<Value>,
}

/// What becomes of a message that goes out.
pub(super) enum Taken {
    /// It belongs to no batch.
    Alone(String),
    /// Its batch waits for other answers.
    Kept,
    /// It was the last answer of its batch.
    Whole(Value),
}

impl Batches {
    /// Notes the requests of a batch with what was refused of it; returns its answer if nothing is left to wait for.
    pub(super) fn begin(&self, asked: Vec<Value>, refused: Vec<Value>) -> Option<Value> {
        if asked.is_empty() {
            return (!refused.is_empty()).then_some(Value::Array(refused));
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Batch { open: asked, answers: refused });
        None
    }

    pub(super) fn take(&self, line: String) -> Taken {
        let mut batches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Without a batch no message is read again.
        if batches.is_empty() {
            return Taken::Alone(line);
        }
        let Ok(message) = serde_json::from_str::<Value>(&line) else { return Taken::Alone(line) };
        let is_answer = message.get("method").is_none();
        let id = message.get("id").filter(|_| is_answer);
        let own = id.and_then(|id| batches.iter().position(|batch| batch.open.contains(id)));
        let Some((batch, id)) = own.and_then(|at| batches.get_mut(at)).zip(id) else {
            return Taken::Alone(line);
        };
        batch.open.retain(|open| open != id);
        batch.answers.push(message);
        if !batch.open.is_empty() {
            return Taken::Kept;
        }
        let answers = std::mem::take(&mut batch.answers);
        batches.retain(|batch| !batch.open.is_empty());
        Taken::Whole(Value::Array(answers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn answers_wait_for_each_other_and_others_do_not() {
        let batches = Batches::default();
        assert!(batches.begin(vec![json!(1), json!("b")], vec![json!({"id": 3})]).is_none());
        let line = |id: Value| json!({"id": id, "result": {}}).to_string();
        assert!(matches!(batches.take(line(json!(1))), Taken::Kept));
        assert!(matches!(batches.take(line(json!(9))), Taken::Alone(_)));
        let asks = json!({"id": "b", "method": "ping"}).to_string();
        assert!(matches!(batches.take(asks), Taken::Alone(_)));
        match batches.take(line(json!("b"))) {
            Taken::Whole(Value::Array(answers)) => assert_eq!(answers.len(), 3),
            _ => panic!("the batch is whole"),
        }
        assert!(matches!(batches.take(line(json!(1))), Taken::Alone(_)));
        assert!(batches.begin(Vec::new(), vec![json!(1)]).is_some());
    }
}
