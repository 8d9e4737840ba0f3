"""What the site takes on disk, with all it needs."""

from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from tests.environment import ROOT

from .figures import Figure

# What the site was to be built on, whatever else joins.
GIVEN = ("django", "channels", "daphne", "openai", "django-environ")


def measure(*, quick):
    """Disk space of the packages in requirements.in; the control: the given five."""
    lines = (ROOT / "requirements.in").read_text().splitlines()
    wanted = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    ours = packages(wanted)
    given = packages([Requirement(name) for name in GIVEN])
    note = f"{len(ours)} packages, with their bytecode; the control: the five given"
    return [Figure("install", (megabytes(ours),), (megabytes(given),), note)]


def packages(requirements):
    """Return by name the distributions that `requirements` bring, as installed."""
    found, waiting = {}, list(requirements)
    while waiting:
        requirement = waiting.pop()
        extras = frozenset(requirement.extras)
        key = requirement.name.lower().replace("_", "-")
        known = found.get(key)
        if known and extras <= known[1]:
            continue
        try:
            distribution = metadata.distribution(requirement.name)
        except metadata.PackageNotFoundError:
            continue  # not for this system
        extras |= known[1] if known else frozenset()
        found[key] = distribution, extras
        waiting += _needs(distribution, extras)
    return {name: distribution for name, (distribution, _) in found.items()}


def _needs(distribution, extras):
    for line in distribution.requires or ():
        need = Requirement(line)
        names = ("", *extras)
        if need.marker is None or any(
            need.marker.evaluate({"extra": x}) for x in names
        ):
            yield need


def megabytes(distributions):
    """Add up the folders and files that those distributions brought."""
    tops = set()
    for distribution in distributions.values():
        for file in distribution.files or ():
            if ".." not in file.parts:
                tops.add(Path(distribution.locate_file(file.parts[0])))
    return sum(_bytes(top) for top in tops) / 1e6


def _bytes(path):
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(f.lstat().st_blocks * 512 for f in files if f.exists())
