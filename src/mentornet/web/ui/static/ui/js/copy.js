// The button beside an e-mail address copies it and says so. Hidden where the browser gives no clipboard.
function arm(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || !navigator.clipboard) return;
  const said = button.parentNode.querySelector("[role=status]");
  navigator.clipboard.writeText(button.dataset.copy).then(
    () => {
      if (!said) return;
      said.textContent = button.dataset.copied;
      setTimeout(() => { said.textContent = ""; }, 4000);
    },
    () => { button.hidden = true; },
  );
});

arm(document);
document.addEventListener("htmx:load", (event) => arm(event.target));
