"""How far a command is, in one line that counts."""

import time

PAUSE_SECONDS = 0.2


def counted(number, noun, plural=""):
    """Return so many of them, in English: "1 entry", "2 entries"."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


class Counting:
    """Called with `(done, total)`, writes them on a terminal; 0: nobody knows yet."""

    def __init__(self, command):
        self._stream = command.stderr
        self._is_shown = command.stderr.isatty()
        self._written_at = float("-inf")

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        if self._is_shown:
            self._stream.write("\r\x1b[K", ending="")

    def __call__(self, done, total=0):
        now = time.monotonic()
        if self._is_shown and now - self._written_at >= PAUSE_SECONDS:
            self._written_at = now
            self._stream.write(
                f"\r{done}" + (f" of {total}" if total else ""), ending=""
            )
            self._stream.flush()
