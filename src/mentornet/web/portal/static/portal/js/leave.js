// The quick way out: the page is left without a trace in the tab's history, by the link or by Escape twice.
const way = document.querySelector("[data-leave]");
const AT_ONCE = 800;
let last = 0;

function leave(event) {
  event.preventDefault();
  document.body.hidden = true;
  window.location.replace(way.href);
}

if (way) {
  way.addEventListener("click", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) {
      return;
    }
    if (event.timeStamp - last < AT_ONCE && last > 0) {
      leave(event);
    }
    last = event.timeStamp;
  });
}
