// A form with data-draft="name" is kept as a whole, its choices too, until it has arrived: in this tab alone, for its
// writer alone. Without a connection it is not sent at all, and says so. Where it was sent and an error page of the
// browser came, it is there again when the form is opened anew; it is forgotten once a page of ours has answered, other
// than the form itself. Pages that carry data-returns-drafts have kept nothing: the session had ended.
const KEPT = "form:";
const SENT = "gone:";
const reader = document.body.dataset.reader || "";
const keyOf = (form) => `${reader}:${location.pathname}:${form.dataset.draft}`;
const forms = () => Array.from(document.querySelectorAll("form[data-draft]"));

// Storage may be off or full: the form works without it.
function quietly(act) {
  try {
    return act();
  } catch (error) {
    return null;
  }
}

function values(form) {
  const kept = Array.from(new FormData(form)).filter(([name, value]) => {
    return name !== "csrfmiddlewaretoken" && typeof value === "string";
  });
  return JSON.stringify(kept);
}

function bring(form) {
  const text = quietly(() => sessionStorage.getItem(KEPT + keyOf(form)));
  const kept = text && quietly(() => JSON.parse(text));
  if (!kept) return;
  for (const [name, value] of kept) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = field.checked || field.value === value;
      else if (field.type !== "hidden") field.value = value;
    }
  }
  for (const details of form.querySelectorAll("details")) details.open = true;
}

function tell(form, name) {
  for (const line of form.querySelectorAll("[data-draft-offline], [data-draft-online]")) {
    line.hidden = !line.hasAttribute(name);
  }
}

function settle() {
  const here = new Set(forms().map(keyOf));
  const returns = document.querySelector("[data-returns-drafts]") !== null;
  const sent = (quietly(() => Object.keys(sessionStorage)) || []).filter((key) => key.startsWith(SENT));
  for (const key of sent) {
    quietly(() => sessionStorage.removeItem(key));
    if (!returns && !here.has(key.slice(SENT.length))) {
      quietly(() => sessionStorage.removeItem(KEPT + key.slice(SENT.length)));
    }
  }
  for (const form of forms()) if (form.hasAttribute("data-draft-fresh")) bring(form);
}

function keep(event) {
  const form = event.target.form;
  if (form && form.matches("form[data-draft]")) {
    quietly(() => sessionStorage.setItem(KEPT + keyOf(form), values(form)));
  }
}

document.addEventListener("input", keep);
document.addEventListener("change", keep);

// Before all others that hear of it: what is not sent is neither let rest nor forgotten by them.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("form[data-draft]")) return;
    quietly(() => sessionStorage.setItem(KEPT + keyOf(form), values(form)));
    if (navigator.onLine === false) {
      event.preventDefault();
      event.stopImmediatePropagation();
      tell(form, "data-draft-offline");
    } else {
      quietly(() => sessionStorage.setItem(SENT + keyOf(form), "1"));
    }
  },
  true,
);

window.addEventListener("offline", () => forms().forEach((form) => tell(form, "data-draft-offline")));
window.addEventListener("online", () => forms().forEach((form) => tell(form, "data-draft-online")));

settle();
