"""Debian's packages, installed where a test needs what is not there."""

import os
import shutil
import subprocess
import sys


def install(*packages):
    """Try to install `packages`, and say nothing where that cannot be done.

    Who calls looks afterwards whether what it needs is there.
    """
    if not shutil.which("apt-get"):
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    # A fresh machine has no list of packages yet; an old one names some that are gone.
    if not run(install):
        run([*apt, "update"])
        run(install)


def run(command):
    """Run `command` and return whether it went well. It speaks on standard error."""
    try:
        return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return False
