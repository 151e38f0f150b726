// A form with data-autosubmit sends itself a moment after a change. Its button stays for those who want to press it.
const PAUSE = 350;
const pending = new WeakMap();

function send(form) {
  if (typeof form.requestSubmit === "function") form.requestSubmit();
  else {
    const button = form.querySelector("button:not([type]), [type=submit]");
    if (button) button.click();
    else form.submit();
  }
}

function later(event) {
  const field = event.target;
  if (!field.form || !field.form.closest("form[data-autosubmit]") || field.closest("[role=combobox]")) return;
  clearTimeout(pending.get(field));
  // The answer to what was typed before may arrive in between: the field that htmx kept then stands in another form,
  // and the one that it stood in can no longer be sent.
  const due = () => field.form && field.form.isConnected && send(field.form);
  pending.set(field, setTimeout(due, event.type === "input" ? PAUSE : 60));
}

// Only where htmx swaps the result may typing send the form: a whole new page would take the field away from the hands.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.hasAttribute("hx-get") && event.target.matches("input[type=search], input[type=text]")) later(event);
});
document.addEventListener("change", later);
