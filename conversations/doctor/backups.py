"""How old the newest backup is."""

import time

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .findings import ok, warning

DAY_SECONDS = 24 * 60 * 60
OLDEST_DAYS = 2


def age():
    folder = settings.BACKUP_DIR
    repair = _("Have manage.py backup run each night, and keep a copy elsewhere.")
    times = [path.stat().st_mtime for path in folder.glob("*") if path.is_file()]
    if not times:
        return warning(
            _("There is no backup in %(folder)s.") % {"folder": folder}, repair
        )
    days = int(max(0, time.time() - max(times)) // DAY_SECONDS)
    if days < 1:
        return ok(_("The newest backup is younger than a day."))
    fact = ngettext(
        "The newest backup is %(days)d day old.",
        "The newest backup is %(days)d days old.",
        days,
    ) % {"days": days}
    return ok(fact) if days <= OLDEST_DAYS else warning(fact, repair)
