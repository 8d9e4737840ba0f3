/**
 * <time-zone-field> is a text field of a time zone. Here it has the names that the
 * browser knows as suggestions, and a button for the device's own.
 */
class TimeZoneField extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    const names = Intl.supportedValuesOf?.("timeZone") ?? [];
    this.querySelector("datalist").replaceChildren(
      ...names.map((name) => new Option("", name)),
    );
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const button = this.querySelector("button[data-text]");
    button.textContent = button.dataset.text.replace("{zone}", timeZone);
    button.hidden = !timeZone || field.value === timeZone;
    button.addEventListener("click", () => {
      field.value = timeZone;
      button.hidden = true;
      field.focus();
    });
  }
}

customElements.define("time-zone-field", TimeZoneField);
