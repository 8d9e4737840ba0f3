"""Every check there is, in the order in which one reads them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from . import (
    address,
    backups,
    clock,
    database,
    disk,
    files,
    mail,
    migrations,
    providers,
    proxy,
    redis,
    secrets,
    sockets,
)


@dataclass(frozen=True, eq=False)
class Check:
    """`ask()` is the check: it returns a Finding, several, or none.

    One that `is_far` costs somebody's time or tokens; one that `is_alone` has a thread
    of its own, as it may hang, and is handed no rows. It is asked only if that of
    `needs` found nothing wrong.
    """

    ask: Callable
    name: str
    is_far: bool = False
    is_alone: bool = False
    needs: Callable | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    name: str
    title: str
    checks: tuple[Check, ...]


def _checks(*asks, **how):
    return tuple(Check(ask, name=ask.__name__, **how) for ask in asks)


def _elsewhere(*asks):
    return _checks(*asks, is_far=True, is_alone=True)


def _rows(*asks, **how):
    return _checks(*asks, needs=migrations.applied, **how)


SUBJECTS = (
    Subject(
        "address",
        _("The address"),
        _checks(
            address.site_url,
            address.hosts,
            address.origins,
            address.csrf,
            address.cookies,
        ),
    ),
    Subject(
        "sockets",
        _("WebSockets"),
        _elsewhere(sockets.own_port, sockets.site_url, sockets.foreign_origin)
        + _checks(sockets.missed),
    ),
    Subject("proxy", _("The proxy"), _elsewhere(proxy.through_site_url)),
    Subject(
        "secrets",
        _("Secrets"),
        _checks(secrets.secret_key, secrets.former_keys, secrets.debug),
    ),
    Subject(
        "database",
        _("The database"),
        _checks(database.answers, is_alone=True)
        + _checks(database.in_force, needs=database.answers),
    ),
    Subject(
        "migrations",
        _("Migrations"),
        _checks(migrations.applied, migrations.known, needs=database.answers),
    ),
    Subject("redis", _("Redis"), _checks(redis.answers)),
    Subject(
        "clock",
        _("The clock"),
        _checks(clock.database, needs=database.answers)
        + _rows(clock.rows)
        + _checks(clock.redis, needs=redis.answers),
    ),
    Subject(
        "disk",
        _("The disk"),
        _checks(disk.free_space, disk.writable, disk.env_file, disk.media),
    ),
    Subject(
        "files",
        _("Files that are made"),
        _checks(files.static_files, files.translations),
    ),
    Subject("mail", _("Mail"), _elsewhere(mail.server) + _checks(mail.sender)),
    Subject(
        "providers",
        _("Providers"),
        _rows(providers.keys) + _rows(providers.models, is_far=True),
    ),
    Subject("backups", _("Backups"), _checks(backups.age)),
)
