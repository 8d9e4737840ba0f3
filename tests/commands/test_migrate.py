"""`manage.py migrate` by several processes at once."""

import signal

WAITS = "Another process migrates this database"
APPLIED = "Applying conversations.0001_initial... OK"
AT_ONCE = 3
# Stands still while it holds the lock, as a long migration does.
HOLD = """
import signal
from django.db import connection
from conversations.management.lock import alone
with alone(connection):
    print("held", flush=True)
    signal.pause()
"""


def test_of_three_at_once_one_migrates_and_all_outlive_whoever_dies(manage, unmigrated):
    holder = manage("shell", "-v0", "-c", HOLD)
    holder.until("held")
    waiting = [manage("migrate") for _ in range(AT_ONCE)]
    for one in waiting:
        one.until(WAITS)
    holder.send(signal.SIGKILL)
    said = [one.all() for one in waiting]
    assert [one.exit_code for one in waiting] == [0] * AT_ONCE
    assert sum(APPLIED in words for words in said) == 1
    assert sum("No migrations to apply" in words for words in said) == AT_ONCE - 1


def test_those_that_prepare_at_once_all_serve(serve, unmigrated):
    running = [
        serve("--prepare", DJANGO_SUPERUSER_PASSWORD="correct horse battery")
        for _ in range(AT_ONCE)
    ]
    for serving in running:
        serving.until("Ctrl-C")
    assert [serving.end() for serving in running] == [0] * AT_ONCE
