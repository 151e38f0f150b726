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
  const form = event.target.form && event.target.form.closest("form[data-autosubmit]");
  if (!form || event.target.closest("[role=combobox]")) return;
  clearTimeout(pending.get(form));
  const typed = event.type === "input";
  pending.set(form, setTimeout(() => send(form), typed ? PAUSE : 60));
}

// Only where htmx swaps the result may typing send the form: a whole new page would take the field away from the hands.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.hasAttribute("hx-get") && event.target.matches("input[type=search], input[type=text]")) later(event);
});
document.addEventListener("change", later);
