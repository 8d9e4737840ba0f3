const YEAR = 31_536_000; // in seconds

/** Have the server know this for a year; where the site has a certificate, only by that. */
export function tellServer(name, value) {
  const isSafe = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${isSafe}`;
}
