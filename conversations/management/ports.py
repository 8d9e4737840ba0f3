"""The port the site is at, for one process or for several."""

import errno
import socket
import sys

# Connections that may wait to be taken: all tabs come at once after a restart.
BACKLOG = 1024
# Whether the system spreads connections over sockets that share a port. Linux does: of
# 200 connections, each of four processes had 33 to 65. Where they share one socket,
# they race for each: 5 to 140.
SPREADS = sys.platform == "linux"


class PortError(Exception):
    """Nobody can listen there; its text is a sentence for the administrator."""


class Port:
    """A port that is ours: `PortError` when it cannot be."""

    def __init__(self, host, number):
        self._address = (host, number)
        self.listener = self._listen()

    def open(self):
        """Return a listening socket for one more process; who asks for it closes it."""
        if not SPREADS:
            return self.listener.dup()
        # Open only until here: alone it found out that nobody else is there.
        self.close()
        return self._listen(reuse_port=True)

    def close(self):
        self.listener.close()

    def _listen(self, **options):
        host, number = self._address
        try:
            return socket.create_server(
                self._address,
                family=socket.AF_INET6 if ":" in host else socket.AF_INET,
                dualstack_ipv6=host == "::",
                backlog=BACKLOG,
                **options,
            )
        except OSError as error:
            raise PortError(sentence_about(error, number)) from None


def sentence_about(error, number):
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {number} is in use. End what runs there, or choose another: "
            f"make run PORT={number + 1}"
        )
    return f"Cannot listen on port {number}: {error}"
