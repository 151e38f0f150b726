// A form that changes something is sent once: its buttons rest after the first press, and wake when the page is shown
// again by the back button, or when htmx has had its answer. A form with data-again (a download) is left alone.
const resting = new Set();

function wake() {
  for (const button of resting) button.disabled = false;
  resting.clear();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented && !form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]")) return;
  if ((form.getAttribute("method") || "").toLowerCase() !== "post" || form.hasAttribute("data-again")) return;
  // After this turn: a button that is disabled at once would not send its own name and value.
  setTimeout(() => {
    for (const button of form.elements) {
      if (button.type === "submit" && !button.disabled) {
        button.disabled = true;
        resting.add(button);
      }
    }
  });
});

window.addEventListener("pageshow", wake);
document.addEventListener("htmx:afterRequest", wake);
