"""What must not be guessed, and what must not be shown."""

from django.conf import settings
from django.core.checks.security.base import (
    SECRET_KEY_INSECURE_PREFIX,
    SECRET_KEY_MIN_LENGTH,
    SECRET_KEY_MIN_UNIQUE_CHARACTERS,
)
from django.utils.translation import gettext as _

from .address import is_local
from .findings import ok, warning, wrong


def secret_key():
    key = settings.SECRET_KEY
    is_strong = (
        len(key) >= SECRET_KEY_MIN_LENGTH
        and len(set(key)) >= SECRET_KEY_MIN_UNIQUE_CHARACTERS
        and not key.startswith(SECRET_KEY_INSECURE_PREFIX)
    )
    if is_strong:
        return ok(_("The secret key is long enough not to be guessed."))
    return wrong(
        _("The secret key can be guessed: who has it signs in as anybody."),
        _(
            "Write a new SECRET_KEY of 50 characters or more into .env, and the old "
            "one into SECRET_KEY_FALLBACKS until everything was signed anew."
        ),
    )


def former_keys():
    total = len(settings.SECRET_KEY_FALLBACKS)
    if not total:
        return []
    return warning(
        _("Former secret keys still open sessions: %(total)d.") % {"total": total},
        _("Once everybody has signed in anew, take SECRET_KEY_FALLBACKS out of .env."),
    )


def debug():
    if not settings.DEBUG:
        return ok(_("Errors show no code to visitors."))
    fact = _("DEBUG is on: errors show the code and its values to anybody.")
    repair = _("Take DEBUG out of .env.")
    return warning(fact, repair) if is_local() else wrong(fact, repair)
