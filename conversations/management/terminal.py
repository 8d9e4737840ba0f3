"""What a conversation looks like in a terminal, and in a pipe."""

import contextlib
import logging
import signal
import sys

# What a terminal would obey instead of showing it: all controls but tab and new line.
_CONTROLS = dict.fromkeys({*range(32), *range(127, 160)} - {ord("\t"), ord("\n")})


class Terminal:
    """Asks and shows. Colours and line editing are for people at a terminal only."""

    def __init__(self, command):
        self._out, self._err = command.stdout, command.stderr
        self._style = command.style
        self._has_said = False
        self.is_interactive = sys.stdin.isatty() and self._out.isatty()
        if self.is_interactive:
            with contextlib.suppress(ImportError):
                import readline  # noqa: F401  from here on, input() edits lines
        for stream in (sys.stdin, sys.stdout):
            if hasattr(stream, "reconfigure"):  # what it cannot spell ends nothing
                stream.reconfigure(errors="replace")

    def lines(self, prompt):
        """Yield what is typed or piped, line by line, until it ends."""
        while True:
            try:
                yield self._line(prompt)
            except EOFError:
                self.note("")
                return
            except KeyboardInterrupt:
                if not self.is_interactive:
                    raise
                self.note("")

    def _line(self, prompt):
        if self.is_interactive:
            return input(prompt)
        if sys.stdin.isatty():
            self._err.write(prompt, style_func=str, ending="")
            self._err.flush()
        if line := sys.stdin.readline():
            return line
        raise EOFError

    def say(self, name):
        """Begin what `name` says, apart from what was said before."""
        if self.is_interactive:
            label = self._style.SUCCESS(f"{name.translate(_CONTROLS)}:")
            self.show(f"{label} ", is_safe=True)
        elif self._has_said:
            self.show("\n")
        self._has_said = True

    def show(self, text, *, is_safe=False):
        """Write `text` at once. What a model wrote is not `is_safe` for a terminal."""
        if self._out.isatty() and not is_safe:
            text = text.translate(_CONTROLS)
        self._out.write(text, ending="")
        self._out.flush()

    def note(self, text):
        """Tell a person at the terminal, and nobody else."""
        if self.is_interactive:
            self.show(f"{text}\n")

    def error(self, text):
        """Tell what went wrong, in one line."""
        self._err.write(" ".join(text.translate(_CONTROLS).split()))
        self._err.flush()


@contextlib.contextmanager
def quiet(verbosity):
    """Keep the log out of the conversation; -v 2 lets it in."""
    before = logging.root.manager.disable
    if verbosity < 2:
        logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


@contextlib.contextmanager
def on_interrupt(stop):
    """Have the first Ctrl-C only `stop`; another one ends the command."""

    def handle(number, frame):
        signal.signal(signal.SIGINT, before)
        stop()

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
