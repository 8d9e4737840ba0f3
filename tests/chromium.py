"""The Chromium that the browser tests drive.

python -m tests.chromium prints where it is, having installed it where that can be done.
"""

import os
import shutil
import sys

from tests import debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need Chromium, and it could not be installed here. "
    "Install it (Debian: apt install chromium), or set CHROMIUM to where it is."
)


def find():
    """Return the path of Chromium; "" without one."""
    if path := os.environ.get("CHROMIUM"):
        return path
    found = filter(None, map(shutil.which, NAMES))
    return next(found, "") or _playwrights_own()


def _playwrights_own():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else ""


def install():
    """Try what may work here: the system's packages, then Playwright's download."""
    debian.install("chromium")
    if not find():
        debian.run([sys.executable, "-m", "playwright", "install", "chromium"])


def main():
    if not find():
        install()
    path = find()
    if not path:
        sys.exit(MISSING)
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
