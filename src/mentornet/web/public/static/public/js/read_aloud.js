// Reads the page aloud where the browser has a voice for its language; hidden otherwise. Nothing leaves the browser.
const button = document.querySelector("[data-read-aloud]");
const speech = window.speechSynthesis;
const language = document.documentElement.lang;

function voice() {
  return speech.getVoices().find((one) => one.lang.toLowerCase().split(/[-_]/)[0] === language);
}

function isSeen(node) {
  return node.getClientRects().length > 0 && !node.closest("[aria-hidden=true], .visually-hidden, .apply-tools");
}

// In the order of the page: headings, sentences, questions, choices and buttons, each as one piece.
function words() {
  const pieces = document.querySelectorAll(
    "[data-reads] :is(h1, h2, p, li, legend, dt, dd, label, summary, button)",
  );
  const found = [];
  for (const piece of pieces) {
    const inner = found.length && found[found.length - 1].contains(piece);
    if (!inner && isSeen(piece)) found.push(piece);
  }
  return found.map((piece) => piece.innerText.trim()).filter(Boolean);
}

function stop() {
  speech.cancel();
  button.setAttribute("aria-pressed", "false");
  button.lastElementChild.textContent = button.dataset.read;
}

function read() {
  const said = voice();
  const pieces = words();
  button.setAttribute("aria-pressed", "true");
  button.lastElementChild.textContent = button.dataset.stop;
  pieces.forEach((text, place) => {
    const piece = new SpeechSynthesisUtterance(text);
    piece.lang = language;
    piece.voice = said;
    piece.rate = 0.9;
    if (place === pieces.length - 1) piece.addEventListener("end", stop);
    speech.speak(piece);
  });
}

function arm() {
  if (!voice()) return;
  button.hidden = false;
}

if (button && speech) {
  button.dataset.read = button.lastElementChild.textContent;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop() : read()));
  window.addEventListener("pagehide", () => speech.cancel());
  // Some browsers know their voices only a moment later.
  speech.addEventListener("voiceschanged", arm);
  arm();
}
