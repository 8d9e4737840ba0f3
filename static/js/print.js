const button = document.querySelector('[data-action="print"]');
button.addEventListener("click", () => window.print());
