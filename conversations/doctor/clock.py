"""The time: of this machine, of its servers, of the rows."""

import time
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.models import Generation

from .findings import ok, wrong

# Signs of life are compared after seconds: GENERATION_STALE_SECONDS.
MOST_SECONDS = 2.0
AHEAD = timedelta(minutes=2)


def database():
    if connection.vendor == "sqlite":
        return []  # the same clock
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        told = float(cursor.fetchone()[0])
    return compare(_("The database"), told, before, time.time())


def redis():
    if not settings.REDIS_URL:
        return []
    # Imported here: it is large, and a site of one process does without.
    from redis import Redis

    from conversations.breaker import PATIENCE

    with Redis.from_url(settings.REDIS_URL, **PATIENCE) as client:
        before = time.time()
        seconds, micros = client.time()
    return compare(_("Redis"), seconds + micros / 1_000_000, before, time.time())


def rows():
    """What was written in the future was written by a clock that is wrong."""
    # What was brought in has the times of another clock.
    written_here = Generation.objects.exclude(started_at=None)
    newest = written_here.order_by("-created_at").values_list("created_at")[:1]
    for (moment,) in newest:
        if moment > timezone.now() + AHEAD:
            return wrong(
                _("The newest reply was asked for in the future: %(moment)s.")
                % {"moment": timezone.localtime(moment).isoformat(" ", "seconds")},
                _set_the_clock(),
            )
    return ok(_("No row comes from the future."))


def compare(who, told, before, after):
    """Compare what a server told between `before` and `after`, in Unix seconds."""
    apart = max(before - told, told - after, 0)
    facts = {"who": who, "seconds": apart}
    if apart <= MOST_SECONDS:
        return ok(_("%(who)s has the time of this machine.") % facts)
    return wrong(
        _("%(who)s is %(seconds).0f s apart from this machine.") % facts,
        _set_the_clock(),
    )


def _set_the_clock():
    return _("Have every machine keep its time by NTP: timedatectl set-ntp true")
