"""Redis: through it the processes of a site hear of each other."""

import time

from django.conf import settings
from django.utils.translation import gettext as _

from .findings import ok, warning, wrong

SLOW_SECONDS = 0.05
_KEY = "chatsite.doctor"


def answers():
    """Write and read, as a replica takes no writes."""
    if not settings.REDIS_URL:
        return _without()
    # Imported here: it is large, and a site of one process does without.
    from redis import Redis

    from conversations.breaker import FAILURES, PATIENCE

    try:
        with Redis.from_url(settings.REDIS_URL, **PATIENCE) as client:
            started = time.monotonic()
            client.set(_KEY, 1, ex=10)
            client.get(_KEY)
            seconds = time.monotonic() - started
            version = client.info("server").get("redis_version", "?")
    except FAILURES as error:
        return wrong(
            _("Redis is away: %(error)s") % {"error": type(error).__name__},
            _(
                "Start it, or check REDIS_URL in .env. Until then replies reach other "
                "processes from the database, a little behind."
            ),
        )
    facts = {"version": version, "milliseconds": seconds * 1000}
    fact = _("Redis %(version)s writes and reads in %(milliseconds).1f ms.") % facts
    if seconds <= SLOW_SECONDS:
        return ok(fact)
    return warning(fact, _("Run it near the site: each event goes through it."))


def _without():
    if settings.PROCESSES > 1:
        return wrong(
            _("Several processes are to serve the site, and there is no Redis."),
            _("Write REDIS_URL=redis://127.0.0.1:6379/0 into .env, or PROCESSES=1."),
        )
    return ok(_("One process needs no Redis."))
