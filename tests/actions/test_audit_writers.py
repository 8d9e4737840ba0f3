"""Several processes write into one audit log at once."""

import asyncio
import os
from contextlib import ExitStack

from django.db import connections

from conversations.models import AuditEntry
from conversations.models.audit import first_broken
from tests.database import Database

WRITERS, ACTS = 3, 100


def act(name, times):
    """Write so many entries, a transaction each; called in another process."""
    from conversations.actions.audit import record_act

    for number in range(times):
        record_act(name, "thing.changed", None, {"number": [number, number + 1]})


def environment():
    """What gives another process the database of this test."""
    name = connections["default"].settings_dict["NAME"]
    server, slash, _ = os.environ.get("DATABASE_URL", "").rpartition("/")
    return os.environ | {
        "DATABASE_URL": f"{server}/{name}" if slash else f"sqlite:///{name}"
    }


def test_their_entries_are_one_chain(transactional_db):
    async def write_at_once(writers):
        for times in (0, ACTS):  # all of them run before the first begins
            asks = (w.ask("act", str(n), times) for n, w in enumerate(writers))
            await asyncio.gather(*asks)

    with ExitStack() as stack:
        writers = [Database(environment(), __name__) for _ in range(WRITERS)]
        for writer in writers:
            stack.callback(writer.close)
        asyncio.run(write_at_once(writers))
    assert first_broken() is None
    numbers = AuditEntry.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, WRITERS * ACTS + 1))
    assert AuditEntry.objects.values("actor_name").distinct().count() == WRITERS
