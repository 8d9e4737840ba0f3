"""The database: that it answers, and that what it was told is in force."""

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from .findings import ok, warning, wrong

OLDEST_POSTGRESQL = 14
# What the site sets on each connection, and PRAGMA tells back.
PRAGMAS = {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1}
LEAST_WAIT_MS = 5000


def answers():
    """Ask it for one number; what cannot be asked raises."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ok(_("The database answers: %(name)s.") % {"name": connection.display_name})


def in_force():
    return _sqlite() if connection.vendor == "sqlite" else _postgresql()


def _sqlite():
    """WAL: readers never wait. IMMEDIATE: writers queue instead of failing."""
    found = {name: _told(f"PRAGMA {name}") for name in PRAGMAS}
    bad = [name for name, wanted in PRAGMAS.items() if found[name] != wanted]
    if _told("PRAGMA busy_timeout") < LEAST_WAIT_MS:
        bad.append("busy_timeout")
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        bad.append("transaction_mode")
    facts = {"version": connection.Database.sqlite_version, "names": ", ".join(bad)}
    if bad:
        return wrong(
            _("SQLite %(version)s does not run as this site needs it: %(names)s.")
            % facts,
            _(
                "Keep the database on a local disk, not on a network share, and leave "
                "DATABASES as settings.py makes it."
            ),
        )
    return ok(_("SQLite %(version)s, with the settings that the site needs.") % facts)


def _postgresql():
    findings = [_version()]
    options = connection.settings_dict.get("OPTIONS", {})
    if connection.settings_dict["CONN_MAX_AGE"] or not options.get("pool"):
        findings.append(
            wrong(
                _(
                    "Connections are kept for threads that end with their request: "
                    "they run out."
                ),
                _("Leave CONN_MAX_AGE at 0 and the pool as settings.py makes it."),
            )
        )
    else:
        findings.append(_room(options["pool"]))
    return findings


def _version():
    number = connection.pg_version // 10_000
    fact = _("PostgreSQL %(version)d.") % {"version": number}
    if number >= OLDEST_POSTGRESQL:
        return ok(fact)
    return wrong(
        fact,
        _("This site needs PostgreSQL %(oldest)d or newer.")
        % {"oldest": OLDEST_POSTGRESQL},
    )


def _room(pool):
    most = int(_told("SHOW max_connections"))
    wanted = pool["max_size"] * settings.PROCESSES
    facts = {"wanted": wanted, "most": most}
    fact = _(
        "The pool opens up to %(wanted)d connections, and PostgreSQL takes %(most)d."
    )
    if wanted < most:
        return ok(fact % facts)
    return warning(
        fact % facts,
        _("Raise max_connections in postgresql.conf, or run fewer processes."),
    )


def _told(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
