/**
 * What the scripts of Django's administration make of text: only plain elements, by these
 * lists, whatever they were handed. The browser asks here each time (the policy named
 * "default"), and takes no text that is to run as a script at all.
 */
(() => {
  const ELEMENTS = new Set(
    (
      "a b br button caption code col colgroup div em fieldset form h2 h3 h4 i input label " +
      "legend li ol optgroup option p select small span strong table tbody td textarea " +
      "tfoot th thead tr ul"
    ).split(" "),
  );
  const ATTRIBUTES = new Set(
    (
      "checked class colspan cols dir disabled for hidden href id lang max maxlength min " +
      "multiple name placeholder readonly required role rows rowspan scope selected size " +
      "step tabindex title type value"
    ).split(" "),
  );
  const MORE = /^(?:aria|data)-[\w-]+$/;

  const inert = globalThis.trustedTypes?.createPolicy("admin", {
    createHTML: (html) => html,
  });

  function isKept({ name, value }) {
    if (name !== "href") return ATTRIBUTES.has(name) || MORE.test(name);
    return URL.parse(value, location.href)?.origin === location.origin;
  }

  function plain(html) {
    const template = document.createElement("template");
    template.innerHTML = inert.createHTML(html); // it neither runs nor fetches in there
    for (const element of template.content.querySelectorAll("*")) {
      if (!ELEMENTS.has(element.localName)) {
        element.remove();
        continue;
      }
      for (const attribute of [...element.attributes]) {
        if (!isKept(attribute, element)) element.removeAttribute(attribute.name);
      }
    }
    return template.innerHTML;
  }

  globalThis.trustedTypes?.createPolicy("default", { createHTML: plain });
})();
