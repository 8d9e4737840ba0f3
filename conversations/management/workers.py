"""`serve --processes`: the processes that serve one site, and who looks after them."""

import asyncio
import logging
import os
import signal
import socket
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

# Before a dead process is replaced; each time twice that, unless it lived for long.
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 30
LONG_LIFE_SECONDS = 60
# Beyond their grace: processes that are still there then hang, and are killed.
ENDING_SECONDS = 10


class Workers:
    """`count` processes that serve one Port; whoever dies is replaced.

    `ready` is called once, when the first of them serves. They end with us: each holds
    one end of a socket and ends when ours is closed, however we died.
    """

    def __init__(self, port, count, *, ready):
        self._port = port
        self._count = count
        self._ready = ready
        self._running = set()
        self._signals = 0
        self._ending = None

    def run(self):
        """Look after them until told to end; return whether all ended in order."""
        with metrics_folder() as folder:
            os.putenv("PROMETHEUS_MULTIPROC_DIR", folder)  # for those we start
            return asyncio.run(self._run())

    async def _run(self):
        self._ending = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signalled)
        kept = await asyncio.gather(*(self._keep() for _ in range(self._count)))
        return all(kept)

    # ── one process after the other ───────────────────────────────────────────────

    async def _keep(self):
        """Keep one process running. Return whether the last ended in order."""
        loop = asyncio.get_running_loop()
        pause = SHORTEST_PAUSE_SECONDS
        while not self._signals:
            began = loop.time()
            process, code = await self._run_one()
            if self._signals:
                return code in (0, -signal.SIGTERM)
            if loop.time() - began > LONG_LIFE_SECONDS:
                pause = SHORTEST_PAUSE_SECONDS
            logger.error(
                "Process %s ended with code %s. Another starts in %s s.",
                process.pid,
                code,
                pause,
            )
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        return True

    async def _run_one(self):
        """Start a process and wait for its end; return both."""
        lifeline, theirs = socket.socketpair()
        lifeline.setblocking(False)
        with lifeline:
            process = await self._start(theirs)
            self._running.add(process)
            for _ in range(self._signals):  # those that came too early for it
                send(process, signal.SIGTERM)
            await self._hear(process, lifeline)
            code = await process.wait()
            self._running.discard(process)
        return process, code

    async def _start(self, lifeline):
        with lifeline, self._port.open() as listener:
            inherited = (listener.fileno(), lifeline.fileno())
            return await asyncio.create_subprocess_exec(
                *(sys.executable, str(settings.BASE_DIR / "manage.py"), "serve"),
                *("--worker", *map(str, inherited)),
                pass_fds=inherited,
                start_new_session=True,  # Ctrl-C in a terminal is for us alone
            )

    async def _hear(self, process, lifeline):
        """Wait until the process says that it serves, or ends without a word."""
        if await asyncio.get_running_loop().sock_recv(lifeline, 1):
            logger.info("Process %s serves.", process.pid)
            if self._ready is not None:
                self._ready()
                self._ready = None

    # ── the end ───────────────────────────────────────────────────────────────────

    def _signalled(self):
        """Pass it on: the first to end in order, the second to end now."""
        self._signals += 1
        self._ending.set()
        self._port.close()
        if self._signals == 1:
            seconds = settings.SHUTDOWN_GRACE_SECONDS + ENDING_SECONDS
            asyncio.get_running_loop().call_later(seconds, self._kill)
        for process in self._running:
            send(process, signal.SIGTERM)

    def _kill(self):
        for process in self._running:
            logger.error("Process %s does not end: killed.", process.pid)
            send(process, signal.SIGKILL)


def send(process, number):
    with suppress(ProcessLookupError):
        process.send_signal(number)


@contextmanager
def metrics_folder():
    """Yield an empty folder for the figures that these processes keep together."""
    if given := settings.PROMETHEUS_MULTIPROC_DIR:
        Path(given).mkdir(parents=True, exist_ok=True)
        for file in Path(given).glob("*.db"):
            file.unlink(missing_ok=True)
        yield given
    else:
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        with tempfile.TemporaryDirectory(prefix="chatsite-", dir=memory) as folder:
            yield folder
