"""All figures as the text that Prometheus reads."""

import os
import re
from pathlib import Path

from django.conf import settings

from .instruments import instruments

# What a process says of itself while it lives, as against what it has counted.
LIVE_FILES = re.compile(r"gauge_live[a-z]*_(\d+)\.db")


def expose():
    """Return the text as bytes, and its content type.

    It tells of every process that shares PROMETHEUS_MULTIPROC_DIR; without one, of
    this. Raises OSError when that folder cannot be read.
    """
    from prometheus_client import exposition

    return exposition.generate_latest(_registry()), exposition.CONTENT_TYPE_LATEST


def open_sockets():
    """Return how many sockets those processes hold now; raises as `expose`."""
    return int(_registry().get_sample_value("chatsite_sockets_open") or 0)


def _registry():
    from prometheus_client import CollectorRegistry, multiprocess

    registry = instruments().registry
    if folder := settings.PROMETHEUS_MULTIPROC_DIR:
        forget_the_dead(Path(folder))
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry, path=folder)
    return registry


def forget_the_dead(folder):
    """Drop the open sockets and running replies of processes that were killed.

    What they counted stays: a total never goes down.
    """
    for path in folder.iterdir():
        found = LIVE_FILES.fullmatch(path.name)
        if found and not _is_alive(int(found[1])):
            path.unlink(missing_ok=True)


def _is_alive(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
