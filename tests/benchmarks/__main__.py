"""python -m tests.benchmarks: the table of the design, with ours filled in.

Every figure stands beside a control of the same run, so that a busy machine is seen.
It is no test: it fails nothing.
"""

import argparse
import contextlib
import dataclasses
import os
import platform
import re
import signal
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path

from .figures import Figure
from .table import draw

NAMES = (
    "install",
    "start",
    "memory",
    "first_text",
    "first_frame",
    "page",
    "history",
    "limits",
    "long_reply",
    "slow_readers",
    "flood",
    "reconnecting",
    "crowd",
    "cpu",
    "streams",
)
# Takes long, and is measured when it is asked for.
ON_REQUEST = ("search",)


def main():
    options = parsed()
    # Ends the `with` blocks, and with them every process.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    figures, before, began = [], load(), time.monotonic()
    for name in options.only or NAMES:
        figures += measured(name, quick=options.quick)
    quick = ", quick" if options.quick else ""
    took = f"{(time.monotonic() - began) / 60:.1f} minutes"
    print(f"\n{machine()}{quick}; load {before} → {load()}, {took}\n\n{draw(figures)}")


def load():
    """Return how busy the machine was, for the last 1, 5 and 15 minutes."""
    return " ".join(f"{average:.1f}" for average in os.getloadavg())


def machine():
    """Return what all this was measured on."""
    name = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        cpus = Path("/proc/cpuinfo").read_text()
        if named := re.search(r"^model name\s*: (.*)$", cpus, re.MULTILINE):
            name = named[1]
    system = f"{platform.system()}, {os.cpu_count()} cores of {name}"
    return f"{system}, Python {platform.python_version()}"


def parsed():
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=(*NAMES, *ON_REQUEST), metavar="NAME"
    )
    parser.add_argument("--quick", action="store_true", help="small, to try it out")
    return parser.parse_args()


def measured(name, *, quick):
    """Run one benchmark; what goes wrong is told and stands as such in the table."""
    sys.stderr.write(f"{name} …\n")
    started, before = time.monotonic(), os.getloadavg()[0]
    try:
        figures = import_module(f"{__package__}.{name}").measure(quick=quick)
    except Exception:
        traceback.print_exc()
        figures = [Figure(name, ("failed",))]
    seconds = time.monotonic() - started
    sys.stderr.write(f"{name}: {seconds:.0f} s, load {load()}\n")
    return [with_load(figure, before) for figure in figures]


def with_load(figure, before):
    """Note how busy the machine was before, mostly with the benchmark before."""
    note = "; ".join(filter(None, [figure.note, f"load before {before:.1f}"]))
    return dataclasses.replace(figure, note=note)


if __name__ == "__main__":
    main()
