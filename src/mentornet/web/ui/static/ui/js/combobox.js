// A <select data-combobox> that can be typed in: the ARIA combobox pattern with a list. The select stays, hidden, and is
// what the form sends; without this script it is simply a select.
function fold(text) {
  return text.toLocaleLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
}

class Combobox {
  constructor(select) {
    this.select = select;
    this.options = Array.from(select.options).filter((option) => !option.disabled);
    this.active = -1;
    this.build();
    this.show(this.chosenText());
  }

  build() {
    const { select } = this;
    this.frame = document.createElement("div");
    this.frame.className = "combobox";
    this.input = document.createElement("input");
    this.input.type = "text";
    this.input.className = "control";
    this.input.id = `${select.id}-combobox`;
    this.input.autocomplete = "off";
    this.input.spellcheck = false;
    this.input.dir = "auto";
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-controls", `${select.id}-list`);
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
    }
    this.input.required = select.required;
    select.required = false;
    this.list = document.createElement("ul");
    this.list.className = "combobox-list";
    this.list.id = `${select.id}-list`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    const label = document.querySelector(`label[for="${select.id}"]`);
    if (label) {
      label.htmlFor = this.input.id;
      if (!label.id) label.id = `${select.id}-label`;
      this.list.setAttribute("aria-labelledby", label.id);
    }
    select.parentNode.insertBefore(this.frame, select);
    this.frame.append(this.input, this.list, select);
    select.hidden = true;
    this.input.addEventListener("input", () => this.open(this.input.value));
    this.input.addEventListener("click", () => this.open(""));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const row = event.target.closest("[role=option]");
      if (row) this.choose(this.shown[Number(row.dataset.place)]);
    });
    select.addEventListener("change", () => this.show(this.chosenText()));
    if (select.form) select.form.addEventListener("reset", () => setTimeout(() => this.show(this.chosenText())));
  }

  chosenText() {
    const option = this.select.options[this.select.selectedIndex];
    return option && option.value ? option.text : "";
  }

  show(text) {
    this.input.value = text;
  }

  open(typed) {
    const wanted = fold(typed.trim());
    this.shown = this.options.filter((option) => option.value && fold(option.text).includes(wanted));
    this.list.textContent = "";
    this.shown.forEach((option, place) => {
      const row = document.createElement("li");
      row.className = "combobox-option";
      row.id = `${this.list.id}-${place}`;
      row.dataset.place = String(place);
      row.dir = "auto";
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      row.textContent = option.text;
      this.list.append(row);
    });
    this.list.hidden = this.shown.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.move(wanted && this.shown.length ? 0 : this.shown.indexOf(this.select.options[this.select.selectedIndex]));
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  move(place) {
    this.active = place;
    Array.from(this.list.children).forEach((row, number) => row.setAttribute("aria-selected", String(number === place)));
    const row = this.list.children[place];
    if (row) {
      this.input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  choose(option) {
    this.select.value = option ? option.value : "";
    this.show(option ? option.text : "");
    this.close();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  leave() {
    if (this.input.value.trim() === "" && this.options.some((option) => !option.value)) this.choose(null);
    else this.show(this.chosenText());
    this.close();
  }

  key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) return this.open("");
      const last = this.shown.length - 1;
      const next = this.active + (event.key === "ArrowDown" ? 1 : -1);
      return this.move(next < 0 ? last : next > last ? 0 : next);
    }
    if (event.key === "Enter" && !this.list.hidden && this.active >= 0) {
      event.preventDefault();
      return this.choose(this.shown[this.active]);
    }
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.show(this.chosenText());
      return this.close();
    }
    return undefined;
  }
}

function enhance(root) {
  for (const select of root.querySelectorAll("select[data-combobox]:not([multiple])")) {
    if (!select.hidden && select.id) new Combobox(select);
  }
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));
