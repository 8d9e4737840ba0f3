"""What is made before the site starts: static files, compiled translations."""

import gettext
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.translation import gettext as _
from django.utils.translation import to_locale

from .findings import ok, warning, wrong


def static_files():
    is_collected = getattr(staticfiles_storage, "is_collected", None)
    repair = _("Run: manage.py collectstatic --noinput")
    if is_collected is None:
        return warning(_("Static files have no hashed names."), repair)
    if not is_collected():
        return wrong(_("The static files are not collected."), repair)
    if newer := staticfiles_storage.changed_since():
        return warning(
            _("Static files have changed since they were collected: %(total)d.")
            % {"total": len(newer)},
            repair,
        )
    return ok(_("The static files are collected."))


def translations():
    folder = Path(apps.get_app_config("conversations").path) / "locale"
    missing = [
        name for code, name in settings.LANGUAGES if not _is_compiled(folder, code)
    ]
    if missing:
        return wrong(
            _("Translations are not compiled: %(names)s.")
            % {"names": ", ".join(missing)},
            _("Run: make messages"),
        )
    return ok(_("The translations are compiled."))


def _is_compiled(folder, code):
    if code == "en":  # what the source says
        return True
    try:
        gettext.translation("django", folder, [to_locale(code)])
    except (OSError, ValueError):
        return False
    return True
