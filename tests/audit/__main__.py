"""Look up known vulnerabilities of the locked packages; fail if there is one.

python -m tests.audit says so where the advisories cannot be reached, and fails only
with AUDIT=1: a machine without the internet has to test, too. OSV_URL is the service
that is asked, in the language of https://google.github.io/osv.dev/post-v1-query/.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from urllib.request import Request, urlopen

from tests.environment import ROOT

OSV_URL = "https://api.osv.dev/v1/query"
LOCKS = ("requirements.txt", "tests/requirements.txt", "tests/audit/requirements.txt")
# Who knows of nothing in this one has not been asked well.
VULNERABLE = {"package": {"name": "django", "ecosystem": "PyPI"}, "version": "1.0"}
TIMEOUT_SECONDS = 10


def main():
    url = os.environ.get("OSV_URL") or OSV_URL
    try:
        knows = is_vulnerable(url)
    except (OSError, ValueError) as error:
        say(f"NOT looked up: vulnerabilities of the packages. {error}")
        return int(os.environ.get("AUDIT") == "1")
    if not knows:
        say(f"{url} does not know advisories that all know.")
        return 1
    install()
    return run(command(url))


def say(sentence):
    sys.stderr.write(f"{sentence}\n")


def is_vulnerable(url):
    """Ask about what is known to be; raise OSError or ValueError without an answer."""
    asked = Request(url, json.dumps(VULNERABLE).encode())
    with urlopen(asked, timeout=TIMEOUT_SECONDS) as answer:
        return bool(json.load(answer).get("vulns"))


def install():
    """Install pip-audit, as locked: it is of use here alone."""
    if not find_spec("pip"):
        subprocess.run(
            [sys.executable, "-m", "ensurepip"], check=True, capture_output=True
        )
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-input"]
    options = ["--disable-pip-version-check", "--require-hashes", "-r"]
    subprocess.run([*pip, *options, ROOT / LOCKS[-1]], check=True)


def run(command):
    return subprocess.run(command, cwd=ROOT).returncode


def command(url):
    locks = (argument for lock in LOCKS for argument in ("-r", lock))
    asking = ["--vulnerability-service", "osv", "--osv-url", url, "--strict"]
    reading = ["--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    return [sys.executable, "-m", "pip_audit", *asking, *reading, *locks]


if __name__ == "__main__":
    sys.exit(main())
