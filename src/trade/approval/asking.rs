//! Asking a person: by the client's question, else by the page, until somebody decides or the time is over.

use std::sync::Arc;
use std::time::Instant;

use secrecy::SecretString;

use crate::trade::Desk;
use crate::trade::approval::approved::{self, Reply};
use crate::trade::approval::page::{self, Page};
use crate::trade::approval::pending::{Heard, ON_SHOWN_PAGE, Run, Stage, UNSHOWN};
use crate::trade::approval::prompter::{Addresses, Channel, Forms, Question};
use crate::trade::approval::ticket::Previewed;
use crate::trade::journal::file::{Event, Facts};
use crate::trade::submit::present::Step;
use crate::trade::submit::send::not_sent;

impl Desk {
    /// The second and later calls with a ticket.
    pub(crate) fn again(&self, run: Arc<Run>, channel: &Channel) -> Step {
        let asking = matches!(&*run.stage.borrow(), Stage::Asking(_));
        if asking && channel.not_shown && matches!(run.addresses, Addresses::Rounds) {
            self.nobody(&run, UNSHOWN, page::HELP);
        }
        let Forms::Rounds(reply) = &channel.forms else { return Step::Wait(run) };
        if !asking {
            return Step::Wait(run);
        }
        match run.hear(*reply) {
            Heard::Answer(reply) => self.decide(&run, reply, "the client's question"),
            Heard::Nothing => return Step::Ask(question(&run.order)),
            Heard::TooLate => {}
        }
        Step::Wait(run)
    }

    pub(crate) fn ask(&self, run: Arc<Run>, forms: Forms) -> Step {
        self.end_in_time(&run);
        match forms {
            Forms::Rounds(_) => {
                run.still(Stage::Asking("in the client"));
                run.ask();
                Step::Ask(question(&run.order))
            }
            Forms::Ask(asker) => {
                run.still(Stage::Asking("in the client"));
                let (desk, asked) = (self.clone(), Arc::clone(&run));
                tokio::spawn(async move {
                    let began = Instant::now();
                    let reply = asker(words(&asked.order)).await;
                    desk.decide(
                        &asked,
                        reply.after(began.elapsed(), asked.least_reading),
                        "the client's question",
                    );
                });
                Step::Wait(run)
            }
            Forms::None => {
                self.open_page(&run);
                Step::Wait(run)
            }
        }
    }

    /// What a reply leads to. Late and second replies find nothing to decide.
    fn decide(&self, run: &Arc<Run>, reply: Reply, by: &'static str) {
        if reply == Reply::NotShown {
            self.open_page(run);
            return;
        }
        let Some(redeemed) = run.take() else { return };
        if run.window.is_over() {
            self.end(run, "nobody approved it in time");
            return;
        }
        match approved::by_reply(redeemed, reply, by, run.window) {
            Ok(cleared) => self.start(run, cleared),
            Err(_) if reply == Reply::Dismiss => {
                self.end(run, "the person closed the question without a yes")
            }
            Err(_) => self.end(run, "the person rejected it"),
        }
    }

    /// The next channel after a client that cannot ask, or did not really.
    fn open_page(&self, run: &Arc<Run>) {
        if !run.still(Stage::Asking("on the page in the browser")) {
            return;
        }
        let (desk, run) = (self.clone(), Arc::clone(run));
        tokio::spawn(async move {
            let mut page = match Page::open(&run.order, run.window, desk.timing().browser).await {
                Ok(page) => page,
                Err(error) => return desk.nobody(&run, &error.cause, &error.hint),
            };
            if !page.in_browser() {
                desk.show(&run, page.address());
            }
            tokio::select! {
                reply = page.reply() => desk.decide(&run, reply, "the approval page"),
                _ = run.done() => {}
            }
            let outcome = run.done().await;
            page.tell(&outcome);
            page.linger().await;
        });
    }

    /// Where no browser opens here (WSL, ssh) the client may show the page's address. That it did is no approval.
    fn show(&self, run: &Arc<Run>, address: SecretString) {
        match &run.addresses {
            Addresses::None => self.nobody(run, "no browser could be opened", page::HELP),
            Addresses::Show(shower) => {
                run.still(Stage::Asking(ON_SHOWN_PAGE));
                let (desk, run, shown) = (self.clone(), Arc::clone(run), shower(run.notice(address)));
                tokio::spawn(async move {
                    if !shown.await {
                        desk.nobody(&run, UNSHOWN, page::HELP);
                    }
                });
            }
            Addresses::Rounds => {
                run.still(Stage::Unshown(address));
            }
        }
    }

    /// Ends what no person can decide.
    fn nobody(&self, run: &Arc<Run>, cause: &str, hint: &str) {
        if run.take().is_some() {
            self.end_with(run, &format!("no person could be asked: {cause}"), Some(hint.to_owned()));
        }
    }

    /// Nothing is approved after its time.
    fn end_in_time(&self, run: &Arc<Run>) {
        let (desk, run) = (self.clone(), Arc::clone(run));
        tokio::spawn(async move {
            run.window.over().await;
            if run.take().is_some() {
                desk.end(&run, "nobody approved it in time");
            }
        });
    }

    fn end(&self, run: &Arc<Run>, why: &str) {
        self.end_with(
            run,
            why,
            Some("ask the person; to order it after all, call preview_order again".to_owned()),
        );
    }

    fn end_with(&self, run: &Arc<Run>, why: &str, next: Option<String>) {
        run.stage.send_replace(Stage::Done(not_sent(&run.order, why, next)));
        let (desk, order) = (self.clone(), run.order.clone());
        let facts = Facts { note: Some(why.to_owned()), ..Facts::default() };
        tokio::spawn(async move { desk.note(Event::Dropped, &order.client_id, facts).await });
    }
}

/// What a person is asked: the sentence, then the numbers.
fn words(order: &Previewed) -> String {
    let mut lines = vec![format!("Send this order to Aries? {}", order.sentence)];
    lines.extend(order.numbers.iter().cloned());
    lines.push(page::NOTE.to_owned());
    lines.join("\n")
}

fn question(order: &Previewed) -> Question {
    Question::Form(words(order))
}
