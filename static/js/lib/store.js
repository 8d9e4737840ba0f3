/** What people wrote, kept in the browser as JSON until the server has it. */
export const store = {
  read(name) {
    try {
      return JSON.parse(localStorage.getItem(`chatsite.${name}`));
    } catch {
      return null;
    }
  },

  /** Keep `value`; null or "" forgets. Without room or permission nothing is kept. */
  write(name, value) {
    try {
      if (value === null || value === "") localStorage.removeItem(`chatsite.${name}`);
      else localStorage.setItem(`chatsite.${name}`, JSON.stringify(value));
    } catch {
      // The page still has it.
    }
  },
};
