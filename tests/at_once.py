"""Several who do something at once, each with a connection of their own."""

import threading
from contextlib import suppress

from django.db import connection

from tests.patience import PATIENCE_SECONDS

# How long one waits for another, who may be kept from coming until one goes on.
MEETING_SECONDS = 1


class Meeting:
    """Where two wait for each other, if they can."""

    def __init__(self):
        self._both = threading.Barrier(2)

    def wait(self, **_signal):
        with suppress(threading.BrokenBarrierError):
            self._both.wait(MEETING_SECONDS)


def do_at_once(*acts):
    """Do each of `acts` in a thread; return what they raised."""
    begin, raised = threading.Barrier(len(acts)), []

    def do(act):
        try:
            begin.wait(PATIENCE_SECONDS)
            act()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[act], daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive(), "it waits for ever"
    return raised
