/**
 * <passkey-form data-options="…" data-refused="…" data-unknown="…"> holds a form that sends
 * what a passkey of this device says, in its field `credential`. `data-options` are the
 * server's, or the address that has them; with the attribute `create` a passkey is made.
 */
class PasskeyForm extends HTMLElement {
  connectedCallback() {
    this.querySelector("form").addEventListener("submit", (event) => this.#submitted(event));
  }

  async #submitted(event) {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector("button");
    this.#say("");
    button.disabled = true;
    try {
      const credential = await this.#ask();
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch (error) {
      const isOurs = error instanceof TypeError;
      this.#say(isOurs ? this.dataset.unknown : this.dataset.refused);
      button.disabled = false;
    }
  }

  async #ask() {
    const { publicKey } = await this.#options();
    const make = this.hasAttribute("create");
    const found = make
      ? await navigator.credentials.create({ publicKey: creation(publicKey) })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey),
        });
    return found.toJSON();
  }

  async #options() {
    const { options } = this.dataset;
    if (!options.startsWith("/")) return JSON.parse(options);
    const response = await fetch(options, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.statusText);
    return (await response.json()).request_options;
  }

  #say(text) {
    const place = this.querySelector("[role=alert]");
    place.querySelector("[data-said]").textContent = text;
    place.hidden = !text;
  }
}

/** A passkey that signs in by itself: the device keeps it and asks who holds it. */
function creation(publicKey) {
  const authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  return PublicKeyCredential.parseCreationOptionsFromJSON({
    ...publicKey,
    authenticatorSelection,
  });
}

customElements.define("passkey-form", PasskeyForm);
