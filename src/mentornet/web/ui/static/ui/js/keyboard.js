// Shortcuts for people who work here all day. None fires while somebody types, and none uses a modifier.
//   /      focus the search        ?        open the help
//   g x    go to a page            arrows   move in all [data-list], as j and k do; Enter opens, being on a link
//   x      tick the row, where rows can be ticked
const WAYS = { t: "today", w: "waiting", b: "bank", p: "people" };
const ROW = "[data-row], li, tr";
const DOWN = ["ArrowDown", "j"];
const UP = ["ArrowUp", "k"];
const PATIENCE = 1200;
let waitingForWay = 0;

function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}

function linksOf(list) {
  // The first link of each row.
  const links = Array.from(list.querySelectorAll("[data-row] a[href], li a[href], tbody tr a[href]"));
  return links.filter((link, place) => links.findIndex((other) => other.closest(ROW) === link.closest(ROW)) === place);
}

// All lists of a page are one to the keyboard: from the last row of one section to the first of the next.
function moveInList(event) {
  const active = document.activeElement;
  if (active && active.closest("nav, summary, [role=combobox], [role=listbox]")) return;
  const within = active && active.closest("[data-list]");
  if (!within && active !== document.body) return;
  const all = Array.from(document.querySelectorAll("[data-list]")).flatMap(linksOf);
  const links = Array.from(new Set(all)).filter((link) => link.getClientRects().length > 0);
  if (links.length === 0) return;
  const row = within && active.closest(ROW);
  const place = links.findIndex((link) => link === active || (row && within.contains(row) && row.contains(link)));
  const step = DOWN.includes(event.key) ? 1 : -1;
  const next = place < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(place + step, 0), links.length - 1);
  event.preventDefault();
  links[next].focus();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const goes = Date.now() - waitingForWay < PATIENCE;
  waitingForWay = 0;
  if (goes && WAYS[event.key]) {
    const way = document.querySelector(`a[data-way="${WAYS[event.key]}"]`);
    if (way) {
      event.preventDefault();
      window.location.assign(way.href);
    }
  } else if (event.key === "g") {
    waitingForWay = Date.now();
  } else if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  } else if (event.key === "?") {
    const help = document.querySelector('[data-opens="keyboard-help"]');
    if (help) {
      event.preventDefault();
      help.click();
    }
  } else if (DOWN.includes(event.key) || UP.includes(event.key)) {
    moveInList(event);
  } else if (event.key === "x") {
    const row = document.activeElement && document.activeElement.closest("[data-row]");
    const tick = row && row.querySelector("[data-tick]");
    if (tick) {
      event.preventDefault();
      tick.click();
    }
  }
});
