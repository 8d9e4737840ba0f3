/** Say at the field what the notice says, which the menu may lie over. */
export function refused(field) {
  const clear = () => field.setCustomValidity("");
  field.setCustomValidity(document.getElementById("told").textContent.trim());
  field.reportValidity();
  // Also to send the same once more, as after a fault: Enter clicks the button as well.
  field.form.addEventListener("input", clear, { once: true });
  field.form.addEventListener("click", clear, { once: true });
}
