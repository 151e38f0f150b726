// What is being written in a field with data-keep="name" is kept until it is sent: in this tab alone, for its writer
// alone (laptops are shared), and never written over what a field already holds. What was sent to a form that had lain
// open too long, or after the session's end, comes back: such pages carry data-returns-drafts.
const DRAFT = "draft:";
const SENT = "sent:";
const reader = document.body.dataset.reader || "";
const place = (field) => `${reader}:${location.pathname}:${field.dataset.keep}`;

// Storage may be off or full: the form works without it.
function quietly(act) {
  try {
    return act();
  } catch (error) {
    return null;
  }
}

function write(key, text) {
  quietly(() => (text ? sessionStorage.setItem(key, text) : sessionStorage.removeItem(key)));
}

function settleSent() {
  const keys = quietly(() => Object.keys(sessionStorage)) || [];
  const returns = document.querySelector("[data-returns-drafts]") !== null;
  for (const key of keys.filter((name) => name.startsWith(SENT))) {
    if (returns) write(DRAFT + key.slice(SENT.length), sessionStorage.getItem(key));
    write(key, "");
  }
}

function bring(root) {
  for (const field of root.querySelectorAll("[data-keep]")) {
    const kept = quietly(() => sessionStorage.getItem(DRAFT + place(field)));
    if (kept && field.value === "") {
      field.value = kept;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

document.addEventListener("input", (event) => {
  if (event.target.dataset && event.target.dataset.keep) write(DRAFT + place(event.target), event.target.value);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-signs-out]")) {
    quietly(() => sessionStorage.clear());
    return;
  }
  for (const field of event.target.querySelectorAll("[data-keep]")) {
    write(DRAFT + place(field), "");
    write(SENT + place(field), field.value);
  }
});

settleSent();
bring(document);
document.addEventListener("htmx:load", (event) => bring(event.target));
