//! How long orders wait and how long tickets and approvals live, in one value that the settings carry.
//!
//! No option, variable or file sets it: a program uses the default, and a test may put a shorter one into its settings.

use std::time::Duration;

/// The time limits of everything that has to do with orders, and of Aries' limits a minute.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// How long a ticket can be presented after its preview.
    pub ticket: Duration,
    /// How long a person can approve an order after its ticket was presented, and how long it can be sent then.
    pub approval: Duration,
    /// How long after its ticket was presented another process may still send an order: an approval and the last checks.
    pub intent: Duration,
    /// An answer that comes sooner after the question was not given by a person who read it.
    pub least_reading: Duration,
    /// How long the page of an order has to be open before Approve counts.
    pub least_reading_of_page: Duration,
    /// How long the page of an order follows it after it was sent.
    pub following: Duration,
    /// How long opening a browser may take.
    pub browser: Duration,
    /// How long the browser has for opening the page before its address is offered in another way.
    pub visit: Duration,
    /// How long a tool call waits for a person or for Aries: clients stop waiting for the call soon after.
    pub call: Duration,
    /// How often a waiting call reports progress to the client.
    pub progress: Duration,
    /// How long reading the config file again may take before an order is sent.
    pub config_file: Duration,
    /// How long reading the journal, or writing a line of it, may take on a file system that stalls.
    pub journal_disk: Duration,
    /// How long a writer waits for the journal; each writer holds its lock for some milliseconds.
    pub journal_lock: Duration,
    /// How long an order waits for another order on the same account and underlying.
    pub order_lock: Duration,
    /// How long a call waits for another process that renews the sign-in: less than a read of Aries may take.
    pub sign_in_lock: Duration,
    /// How long somebody who looks for an order waits for the process that may be sending it right now.
    pub sending_elsewhere: Duration,
    /// How long an order whose answer was lost is looked for: Aries' lists may lag ten seconds behind.
    pub lookup: Duration,
    /// The pauses between those looks.
    pub lookup_pauses: [Duration; 6],
    /// How long all orders with an unknown outcome together are looked for before a preview.
    pub lookup_of_all: Duration,
    /// How long Aries is asked how an order of an earlier process stands now.
    pub status: Duration,
    /// How long an order that was sent is watched until its state is final.
    pub settling: Duration,
    /// The pause between two looks at the state of an order.
    pub settling_pause: Duration,
    /// How long a cancel looks for orders with an unknown outcome first.
    pub cancel_lookup: Duration,
    /// How long a cancel waits for Aries' lists where the journal has what they would say.
    pub cancel_lists: Duration,
    /// How long a cancel waits for the journal.
    pub cancel_journal: Duration,
    /// How long the final state is watched for after a cancel whose answer was lost.
    pub cancel_lost: Duration,
    /// How long a request counts against Aries' limits: a minute, and a second for its way there. Zero keeps no limits.
    pub minute: Duration,
    /// How long the list of accounts is remembered for answers that change nothing.
    pub recent: Duration,
    /// What the sockets wait for.
    pub sockets: Sockets,
}

/// The time limits of the sockets, and of the calls that take their place.
#[derive(Debug, Clone, Copy)]
pub struct Sockets {
    /// How long opening a socket may take, and then the answer to a sign-in.
    pub answer: Duration,
    /// How often a ping is sent (`api-reference/marketdata/wss` says 30 to 60 s).
    pub ping: Duration,
    /// How long something may take to come after a ping; then the socket is dead.
    pub pong: Duration,
    /// How long before its end a session is signed in again, where Aries does not ask for it sooner.
    pub before_end: Duration,
    /// How long a socket stays open that nobody listens to.
    pub idle: Duration,
    /// The pause after the first loss; each next one is twice as long.
    pub first_pause: Duration,
    /// The longest of these pauses, and the pause after a refusal.
    pub longest_pause: Duration,
    /// How long a subscription on an open socket may stay without news before REST is asked for it.
    pub unheard: Duration,
    /// How long the candles of an account's profit and loss may take to come.
    pub candles: Duration,
    /// How long none may come after one before they count as complete: Aries sends no end.
    pub candles_end: Duration,
    /// How often REST is asked for prices without a socket.
    pub quotes: Duration,
    /// How often REST is asked for orders without a socket, for up to two accounts.
    pub orders: Duration,
}

impl Default for Sockets {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(10),
            ping: Duration::from_secs(30),
            pong: Duration::from_secs(10),
            before_end: Duration::from_secs(120),
            idle: Duration::from_secs(120),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
            unheard: Duration::from_secs(3),
            candles: Duration::from_secs(4),
            candles_end: Duration::from_millis(400),
            quotes: Duration::from_secs(3),
            orders: Duration::from_secs(4),
        }
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            ticket: Duration::from_secs(120),
            approval: Duration::from_secs(300),
            intent: Duration::from_secs(400),
            least_reading: Duration::from_secs(1),
            least_reading_of_page: Duration::from_millis(800),
            following: Duration::from_secs(1800),
            browser: Duration::from_secs(10),
            visit: Duration::from_secs(20),
            call: Duration::from_secs(43),
            progress: Duration::from_secs(5),
            config_file: Duration::from_secs(3),
            journal_disk: Duration::from_secs(3),
            journal_lock: Duration::from_secs(10),
            order_lock: Duration::from_secs(15),
            sign_in_lock: Duration::from_secs(15),
            sending_elsewhere: Duration::from_secs(5),
            lookup: Duration::from_secs(14),
            lookup_pauses: [300, 700, 1_200, 1_800, 2_500, 5_500].map(Duration::from_millis),
            lookup_of_all: Duration::from_secs(6),
            status: Duration::from_secs(3),
            settling: Duration::from_secs(3),
            settling_pause: Duration::from_millis(400),
            cancel_lookup: Duration::from_secs(3),
            cancel_lists: Duration::from_secs(8),
            cancel_journal: Duration::from_secs(1),
            cancel_lost: Duration::from_secs(10),
            minute: Duration::from_secs(61),
            recent: Duration::from_secs(60),
            sockets: Sockets::default(),
        }
    }
}
