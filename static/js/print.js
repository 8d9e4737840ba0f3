const button = document.querySelector('[data-action="print"]');
button.addEventListener("click", () => window.print());

const ways = document.querySelector(".exported__ways");
ways.addEventListener("click", ({ target }) => {
  if (target.closest("a[download]")) ways.open = false;
});
