// What the order's view in a client and the approval page share: the time that is left.

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
