// A toast can be put away. It never goes by itself.
function arm(root) {
  for (const button of root.querySelectorAll("[data-dismiss][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  const toast = button && button.closest(".toast");
  if (toast) toast.remove();
});

arm(document);
document.addEventListener("htmx:load", (event) => arm(event.target));
document.addEventListener("htmx:oobAfterSwap", (event) => arm(event.target));
