"""What is installed is what was locked: pinned, hashed, and asked for."""

import re
from importlib.metadata import requires, version

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.environment import ROOT

FOLDERS = {"site": ROOT, "tests": ROOT / "tests"}
LOCKED = FOLDERS | {"audit": ROOT / "tests" / "audit"}
PINNED = re.compile(r"^([\w.\[\],-]+)==(\S+?)(?: ; (.+?))? \\$")
HASH = re.compile(r"^ {4}--hash=sha256:[0-9a-f]{64}(?: \\)?$")


def asked_for(folder):
    lines = (folder / "requirements.in").read_text().splitlines()
    return [Requirement(line) for line in lines if line and line[0] not in "#-"]


def locked(folder):
    """Return the version of each package, by its name; None where not for here."""
    found = {}
    for line in (folder / "requirements.txt").read_text().splitlines():
        if line and not line.startswith((" ", "#")):
            name, pinned, marker = PINNED.match(line).groups()
            is_here = not marker or Requirement(f"x; {marker}").marker.evaluate()
            if is_here or canonicalize_name(name) not in found:
                key = canonicalize_name(name.partition("[")[0])
                found[key] = pinned if is_here else None
    return found


@pytest.mark.parametrize("folder", LOCKED.values(), ids=LOCKED)
def test_every_package_is_pinned_and_hashed(folder):
    has_hash = True
    for line in (folder / "requirements.txt").read_text().splitlines():
        if line.startswith("    --hash"):
            assert HASH.match(line), line
            has_hash = True
        elif line and line[0] not in " #":
            assert has_hash, f"the package before {line} has no hash"
            assert PINNED.match(line), line
            has_hash = False
    assert has_hash


@pytest.mark.parametrize("folder", LOCKED.values(), ids=LOCKED)
def test_the_lock_is_of_what_is_asked_for(folder):
    versions = locked(folder)
    for wanted in asked_for(folder):
        assert versions[canonicalize_name(wanted.name)] in wanted.specifier, wanted


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_what_is_installed_is_what_is_locked(folder):
    for name, pinned in locked(folder).items():
        if pinned is not None:
            assert version(name) == pinned, name


def test_nothing_is_locked_that_nothing_asks_for():
    """Whatever came in comes from the list, by way of what each package needs."""
    needed, waiting = set(), [(one.name, one.extras) for one in asked_for(ROOT)]
    versions = locked(ROOT)
    while waiting:
        name, extras = waiting.pop()
        name = canonicalize_name(name)
        if (name, frozenset(extras)) in needed or versions.get(name) is None:
            continue
        needed.add((name, frozenset(extras)))
        for line in requires(name) or ():
            one = Requirement(line)
            environments = [default_environment() | {"extra": e} for e in ("", *extras)]
            if not one.marker or any(map(one.marker.evaluate, environments)):
                waiting.append((one.name, one.extras))
    here = {name for name, pinned in versions.items() if pinned is not None}
    assert here - {name for name, _extras in needed} == set()
