"""The Chromium that the browser tests drive.

python -m tests.chromium prints where it is, having installed it where that can be done.
That is the shell, Chromium without a window, which is less work; with the
argument "chromium" it is the whole one, which people have, and whose speed is measured.
"""

import os
import shutil
import sys

from tests import debian

SHELL = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need Chromium, and it could not be installed here. "
    "Install it (Debian: apt install chromium), or set CHROMIUM to where it is."
)


def find(name=SHELL):
    """Return the path of Chromium, by that name if possible; "" without one."""
    if path := os.environ.get("CHROMIUM"):
        return path
    found = filter(None, map(shutil.which, (name, *WHOLE)))
    return next(found, "") or _playwrights_own()


def _playwrights_own():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else ""


def install(name):
    """Try what may work here: the system's packages, then Playwright's download."""
    for package in dict.fromkeys((name, WHOLE[0])):
        if not find(name):
            debian.install(package)
    if not find(name):
        debian.run([sys.executable, "-m", "playwright", "install", "chromium"])


def main(name=SHELL):
    if not find(name):
        install(name)
    path = find(name)
    if not path:
        sys.exit(MISSING)
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
