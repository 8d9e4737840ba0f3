from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .kept import Kept
from .site_settings import MOST_DAYS, SiteSettings
from .users import User


class GroupRetention(models.Model):
    """How long a group's conversations are kept, in place of what the site says."""

    group = models.OneToOneField(
        "auth.Group",
        models.CASCADE,
        related_name="retention",
        verbose_name=_("group"),
    )
    days = models.PositiveIntegerField(
        _("days conversations are kept"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_(
            "Counted from the last message; then they are erased. It counts in place "
            "of what the site says. Who is in several groups has the fewest days."
        ),
    )

    class Meta:
        ordering = ["group__name"]
        verbose_name = _("retention of a group")
        verbose_name_plural = _("retention of groups")

    def __str__(self):
        return str(self.group)

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        _are_any.forget()


_are_any = Kept(lambda: GroupRetention.objects.exists(), bool)


def days_of(user):
    """Return how many days the conversations of `user` are kept; None for ever."""
    days = None
    if _are_any.get():
        rows = GroupRetention.objects.filter(group__user=user)
        days = rows.aggregate(days=models.Min("days"))["days"]
    return SiteSettings.current().retention_days if days is None else days


def due(older_than):
    """Return the Q of the rows with an `owner` whose time is over.

    `older_than` returns the Q of those that are older than a moment.
    """
    members, found, others = User.groups.through.objects, Q(pk__in=[]), []
    for days, group in GroupRetention.objects.values_list("days", "group"):
        people = members.filter(group=group).values("user")
        found |= older_than(_days_ago(days)) & Q(owner__in=people)
        others.append(group)
    if days := SiteSettings.current().retention_days:
        people = members.filter(group__in=others).values("user")
        found |= older_than(_days_ago(days)) & ~Q(owner__in=people)
    return found


def _days_ago(days):
    return timezone.now() - timedelta(days=min(days, MOST_DAYS))


class RetentionQuerySet(models.QuerySet):
    """Conversations, as they are to go."""

    def outlived(self):
        """Keep those whose time is over; of what was brought in, it began then."""
        return self.filter(due(_is_older))


def _is_older(moment):
    began_here = Q(imported_from="") | Q(arranged_at__lte=moment)
    return Q(updated_at__lte=moment) & began_here
