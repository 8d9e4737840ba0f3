"""How much memory a process holds, as Linux tells it."""

from pathlib import Path

KILOBYTE, MEGABYTE = 1024, 1024**2


def resident_bytes(pid):
    return _bytes(pid, "VmRSS:")


class Peak:
    """How far the memory of `pid` rises above what it was, within the `with` block."""

    def __init__(self, pid):
        self.pid = pid

    def __enter__(self):
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")  # forgets the old peak
        self._before = resident_bytes(self.pid)
        return self

    def __exit__(self, *exc_info):
        self.growth_bytes = _bytes(self.pid, "VmHWM:") - self._before


def _bytes(pid, name):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    line = next(line for line in lines if line.startswith(name))
    return int(line.split()[1]) * KILOBYTE
