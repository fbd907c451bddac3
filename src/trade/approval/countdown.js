const left = document.querySelector("#left");
const end = Date.now() + Number(left.dataset.seconds) * 1000;
const tick = () => {
  const seconds = Math.max(0, Math.round((end - Date.now()) / 1000));
  left.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
};
setInterval(tick, 500);
tick();
