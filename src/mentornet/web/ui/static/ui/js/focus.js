// An error summary takes the focus when it appears, on a full page or in a swapped part; its links lead into the fields.
function focusSummary(root) {
  const summary = root.matches && root.matches("[data-focus]") ? root : root.querySelector("[data-focus]");
  if (summary) summary.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-focus] a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  // A combobox has hidden its select and stands in for it.
  const stand = field.hidden ? document.getElementById(`${field.id}-combobox`) : field;
  (stand || field).focus();
  (stand || field).scrollIntoView({ block: "center" });
});

focusSummary(document);
document.addEventListener("htmx:load", (event) => focusSummary(event.target));
