const PREFIX = "chatsite.";

/**
 * What people wrote, kept in the browser as JSON until the server has it.
 *
 * Tabs may not see at once what another has written: two that may write at the same time
 * need two names.
 */
export const store = {
  /** The names that begin with `start`. */
  names(start) {
    try {
      const all = Object.keys(localStorage).filter((k) => k.startsWith(PREFIX + start));
      return all.map((name) => name.slice(PREFIX.length));
    } catch {
      return [];
    }
  },

  read(name) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + name));
    } catch {
      return null;
    }
  },

  /** Call `heard(name, value)` for each new name that another tab keeps, from `start` on. */
  onNew(start, heard) {
    addEventListener("storage", ({ key, oldValue, newValue }) => {
      if (!key?.startsWith(PREFIX + start) || oldValue !== null || !newValue) return;
      heard(key.slice(PREFIX.length), JSON.parse(newValue));
    });
  },

  /** Keep `value`; null or "" forgets. Without room or permission nothing is kept. */
  write(name, value) {
    try {
      if (value === null || value === "") localStorage.removeItem(PREFIX + name);
      else localStorage.setItem(PREFIX + name, JSON.stringify(value));
    } catch {
      // The page still has it.
    }
  },
};
