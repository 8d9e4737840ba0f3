/** How well typed letters name a thing; the server has the same for its lists. */

const FEWEST_SCATTERED = 3;
const WIDEST_SCATTERED = 3;

/** More is better, 0 is not at all; the empty query names everything. */
export function score(query, text) {
  const words = folded(query).split(/\s+/).filter(Boolean);
  const whole = folded(text);
  const scores = words.map((word) => scoreOf(word, whole));
  return scores.every(Boolean) ? scores.reduce((a, b) => a + b, 0) + 1 : 0;
}

/** `text` as it is compared: without case, accents and width. */
export function folded(text) {
  const bare = text.normalize("NFKC").toLowerCase().normalize("NFD");
  return bare.replace(/[\u0300-\u036f]/g, "").normalize("NFC");
}

function scoreOf(word, text) {
  if (text.startsWith(word)) return 8;
  let at = text.indexOf(word);
  if (at < 0) return isScattered(word, text) ? 1 : 0;
  while (at > 0 && /[\p{L}\p{N}]/u.test(text[at - 1])) at = text.indexOf(word, at + 1);
  return at > 0 ? 6 : 3;
}

function isScattered(word, text) {
  if (word.length < FEWEST_SCATTERED) return false;
  for (let first = text.indexOf(word[0]); first >= 0; ) {
    let at = first;
    for (const letter of word.slice(1)) {
      at = text.indexOf(letter, at + 1);
      if (at < 0) return false;
    }
    if (at - first < WIDEST_SCATTERED * word.length) return true;
    first = text.indexOf(word[0], first + 1);
  }
  return false;
}
