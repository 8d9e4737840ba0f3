"""How often somebody may do what costs the site something."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .kept import Kept
from .prepared import Prepared
from .users import User

SITE = _("Empty: as for the whole site.")


def _number(label):
    return models.PositiveIntegerField(label, null=True, blank=True)


class GroupLimits(models.Model):
    """What the members of a group may do, where it differs from the site's limits.

    Who is in several groups has the most generous of each; None says nothing of it.
    """

    group = models.OneToOneField(
        "auth.Group", models.CASCADE, related_name="limits", verbose_name=_("group")
    )
    open_replies = _number(_("replies at once"))
    messages_per_minute = _number(_("messages a minute"))
    searches_per_minute = _number(_("searches a minute"))
    uploads_per_hour = _number(_("uploads an hour"))
    imports_per_day = _number(_("imports a day"))
    exports_per_day = _number(_("exports a day"))
    sockets = _number(_("connections at once"))

    NAMES = (
        "open_replies",
        "messages_per_minute",
        "searches_per_minute",
        "uploads_per_hour",
        "imports_per_day",
        "exports_per_day",
        "sockets",
    )

    class Meta:
        verbose_name = _("limits of a group")
        verbose_name_plural = _("limits of groups")

    def __str__(self):
        return str(self.group)

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        _are_any.forget()


_are_any = Kept(lambda: GroupLimits.objects.exists(), bool, insists=True)


@Prepared
def _limits_of(user_id):
    memberships = User.groups.through.objects.filter(user=user_id)
    mine = GroupLimits.objects.filter(group__in=memberships.values("group"))
    return mine.values_list(*GroupLimits.NAMES)


def site_limit(name):
    """Return the site's own limit: a setting of that name."""
    if name == "open_replies":
        return settings.CHAT_MAX_OPEN_REPLIES
    return getattr(settings, f"LIMIT_{name.upper()}")


def limits_of(user_id):
    """Return every limit of `user` by its name."""
    groups = _limits_of(user_id) if _are_any.get() else []
    found = {}
    for at, name in enumerate(GroupLimits.NAMES):
        given = [values[at] for values in groups if values[at] is not None]
        found[name] = max(given) if given else site_limit(name)
    return found


def limit_of(user_id, name):
    """Return one of them; without groups that differ it asks nobody."""
    if not _are_any.get():
        return site_limit(name)
    return limits_of(user_id)[name]
