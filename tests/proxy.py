"""A network between browser and site that tests can break."""

import asyncio
import threading

from tests import listening
from tests.patience import PATIENCE_SECONDS

NO_SOCKETS = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)


class Proxy:
    """Passes TCP on to `port`, in a thread of its own.

    `takes_connections` False: nobody gets through. `passes_sockets` False: it knows
    HTTP and no WebSocket. `mute` True: what the site says is lost on its way.
    """

    def __init__(self, port):
        self.site_port = port
        self.restore()
        self._open = set()

    def restore(self):
        """Be a good network again."""
        self.takes_connections = self.passes_sockets = True
        self.mute = False

    def __enter__(self):
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(ready)), daemon=True
        )
        self._thread.start()
        assert ready.wait(PATIENCE_SECONDS), "the proxy did not start"
        return self

    def __exit__(self, *exc_info):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE_SECONDS)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def cut(self):
        """Break every connection there is."""
        done = threading.Event()

        def abort():
            for writer in list(self._open):
                writer.transport.abort()
            done.set()

        self._loop.call_soon_threadsafe(abort)
        assert done.wait(PATIENCE_SECONDS)

    def go_down(self):
        """Break every connection and let nobody through until `restore`."""
        self.takes_connections = False
        self.cut()

    async def _serve(self, ready):
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        await listening.end(server)
        for writer in list(self._open):
            writer.transport.abort()

    async def _connected(self, reader, writer):
        self._open.add(writer)
        try:
            await self._connect(reader, writer)
        finally:
            self._open.discard(writer)
            writer.close()

    async def _connect(self, reader, writer):
        first = await reader.read(65_536) if self.takes_connections else b""
        is_socket = b"upgrade: websocket" in first.lower()
        if not first or (is_socket and not self.passes_sockets):
            writer.write(NO_SOCKETS if first else b"")
            return
        site_reader, site_writer = await asyncio.open_connection(
            "127.0.0.1", self.site_port
        )
        site_writer.write(first)
        await asyncio.gather(
            self._pass_on(reader, site_writer, mutable=False),
            self._pass_on(site_reader, writer, mutable=True),
        )

    async def _pass_on(self, reader, writer, *, mutable):
        self._open.add(writer)
        try:
            while data := await reader.read(65_536):
                if not (mutable and self.mute):
                    writer.write(data)
                    await writer.drain()
        except ConnectionError:
            writer.transport.abort()
        finally:
            self._open.discard(writer)
            writer.close()
