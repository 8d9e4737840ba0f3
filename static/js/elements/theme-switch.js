/** <theme-switch> holds the form of the theme in the menu: it changes at once, here. */
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.#choose(event));
  }

  async #choose(event) {
    event.preventDefault();
    const { submitter, target: form } = event;
    const body = new URLSearchParams(new FormData(form, submitter));
    document.documentElement.dataset.theme = submitter.value;
    const scheme = document.querySelector("meta[name=color-scheme]");
    scheme.content = submitter.value === "auto" ? "light dark" : submitter.value;
    for (const button of form.querySelectorAll("[name=theme]")) {
      button.setAttribute("aria-pressed", button === submitter);
    }
    // Offline it holds for this page; the next one has what is saved.
    const init = { method: "POST", body, redirect: "manual" };
    await fetch(form.action, init).catch(() => {});
  }
}

customElements.define("theme-switch", ThemeSwitch);
