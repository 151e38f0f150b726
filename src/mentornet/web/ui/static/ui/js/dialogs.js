// data-opens="id" opens a <dialog>; data-closes closes the one around it. A link with data-opens leads to its own page
// where there is no script or no dialog element.
const KNOWS_DIALOGS = typeof HTMLDialogElement === "function";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener && KNOWS_DIALOGS && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog && !dialog.open) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const closer = event.target.closest("[data-closes]");
  const around = closer && closer.closest("dialog");
  if (around) around.close();
  // A click on the backdrop hits the dialog itself, never its words.
  else if (event.target.nodeName === "DIALOG" && isOutside(event)) event.target.close();
});

function isOutside(event) {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

if (KNOWS_DIALOGS) {
  for (const button of document.querySelectorAll("button[data-opens][hidden]")) button.hidden = false;
}
