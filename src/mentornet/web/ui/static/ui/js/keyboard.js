// Shortcuts for people who work here all day. None fires while somebody types, and none uses a modifier.
//   /      focus the search        ?        open the help
//   g x    go to a page            arrows   move in a [data-list]; Enter opens, being on a link
const WAYS = { t: "today", w: "waiting", b: "bank", p: "people" };
const ROW = "[data-row], li, tr";
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

function moveInList(event) {
  const active = document.activeElement;
  const list = (active && active.closest("[data-list]")) || document.querySelector("[data-list]");
  if (!list || (active && active.closest("nav, summary, [role=combobox], [role=listbox]"))) return;
  const links = linksOf(list);
  if (links.length === 0) return;
  const row = active && active.closest(ROW);
  const place = links.findIndex((link) => link === active || (row && list.contains(row) && row.contains(link)));
  const step = event.key === "ArrowDown" ? 1 : -1;
  if (place < 0 && !list.contains(active) && active !== document.body) return;
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
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    moveInList(event);
  }
});
