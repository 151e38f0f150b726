// Looks for an occupation while somebody types; without this script the button beside the field does it. What she has
// chosen stays chosen while it is in the list: for words that mean something else it would be kept by mistake.
const field = document.querySelector("[name=occupation_title]");
const found = document.querySelector("[data-occupations]");
const REST = 350;
let waiting = 0;
let asked = 0;

function picked() {
  const chosen = found.querySelector("[name=occupation]:checked");
  return chosen ? chosen.value : "";
}

async function look() {
  const mine = ++asked;
  const chosen = picked();
  try {
    const answer = await fetch(`${found.dataset.occupations}?${new URLSearchParams({ q: field.value, chosen })}`);
    if (!answer.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // She may have chosen while the answer was under way.
    if (picked() !== chosen) return look();
    found.replaceChildren(...page.body.childNodes);
  } catch (error) {
    // Offline for a moment: her own words are enough.
    return;
  }
  const same = chosen && found.querySelector(`[name=occupation][value="${CSS.escape(chosen)}"]`);
  if (same) same.checked = true;
}

if (field && found) {
  document.querySelector("[data-look]").hidden = true;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, REST);
  });
}
