// The approval page. Its form works without this script, which counts the time down and follows the order after it was sent.

const byId = (id) => document.getElementById(id);

const left = byId("left");
if (left) countdown(Date.now() + Number(left.dataset.seconds) * 1000, showLeft);

if (byId("outcome")?.dataset.follow) follow();

function showLeft(seconds) {
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  left.textContent = seconds > 0 ? `This page ends in ${time} minutes.` : "The time is over: this page decides nothing any more.";
}

/** Shows how the order stands until it has ended. The program answers this page alone, and only as long as it runs. */
async function follow() {
  const pause = () => new Promise((done) => setTimeout(done, 2_000));
  let order;
  do {
    await pause();
    try {
      const reply = await fetch(`${location.pathname}/state`);
      if (!reply.ok) throw new Error(String(reply.status));
      order = await reply.json();
    } catch {
      byId("follow").textContent =
        "aries-mcp does not answer any more, so this is how the order stood then. Ask in the chat, or look in Aries' own application.";
      return;
    }
    showOrder(order);
  } while (order.may_change);
}

function showOrder({ state, kind, sentence, note }) {
  byId("state").textContent = state;
  byId("state").className = `state ${kind}`;
  byId("told").textContent = sentence;
  byId("follow").textContent = `${note} Seen at ${new Date().toLocaleTimeString()}.`;
}
