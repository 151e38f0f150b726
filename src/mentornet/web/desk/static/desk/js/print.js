// A button with data-print opens the browser's own print dialog. Without JavaScript it stays hidden.
for (const button of document.querySelectorAll("[data-print][hidden]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
