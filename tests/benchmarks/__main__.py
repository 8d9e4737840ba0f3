"""python -m tests.benchmarks: the table of the design, with ours filled in.

Every figure stands beside a control of the same run, so that a busy machine is seen.
It is no test: it fails nothing.
"""

import argparse
import os
import platform
import signal
import sys
import time
import traceback
from importlib import import_module

from .figures import Figure
from .table import draw

NAMES = (
    "install",
    "start",
    "memory",
    "first_text",
    "page",
    "history",
    "long_reply",
    "cpu",
    "streams",
)


def main():
    options = parsed()
    # Ends the `with` blocks, and with them every process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    figures = []
    for name in options.only or NAMES:
        figures += measured(name, quick=options.quick)
    machine = f"{platform.system()}, {os.cpu_count()} cores"
    machine += f", Python {platform.python_version()}, load {load()}"
    print(f"\n{machine}{', quick' if options.quick else ''}\n\n{draw(figures)}")


def load():
    """Return how busy the machine was, for the last 1, 5 and 15 minutes."""
    return " ".join(f"{average:.1f}" for average in os.getloadavg())


def parsed():
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="small, to try it out")
    return parser.parse_args()


def measured(name, *, quick):
    """Run one benchmark; what goes wrong is told and stands as such in the table."""
    sys.stderr.write(f"{name} …\n")
    started = time.monotonic()
    try:
        figures = import_module(f"{__package__}.{name}").measure(quick=quick)
    except Exception:
        traceback.print_exc()
        figures = [Figure(name, ("failed",))]
    seconds = time.monotonic() - started
    sys.stderr.write(f"{name}: {seconds:.0f} s, load {load()}\n")
    return figures


if __name__ == "__main__":
    main()
