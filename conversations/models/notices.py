from zlib import crc32

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations import rendering

from .kept import Kept
from .translations import in_language


class NoticeQuerySet(models.QuerySet):
    def living(self):
        """Keep those whose time is not over."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()))

    def visible_to(self, user):
        """Keep what `user`, who may be nobody, is to see now and has not put away."""
        found = self.meant_for(user)
        if not user.is_authenticated:
            return found
        away = NoticeDismissal.objects.filter(user=user).values("notice")
        return found.exclude(pk__in=away, may_be_dismissed=True)

    def meant_for(self, user):
        """Keep what is said now to `user`, whether they have put it away or not."""
        begun = Q(starts_at=None) | Q(starts_at__lte=timezone.now())
        audience = Notice.Audience
        meant = Q(audience=audience.EVERYONE)
        if user.is_authenticated:
            meant |= Q(audience=audience.SIGNED_IN)
            mine = Notice.groups.through.objects.filter(group__user=user)
            meant |= Q(audience=audience.GROUPS, pk__in=mine.values("notice"))
        if user.is_staff:
            meant |= Q(audience=audience.STAFF)
        return self.living().filter(begun, meant)

    def current(self, user):
        """Return those in a list; without a query while the site has none to tell."""
        return list(self.visible_to(user)) if _kept.get() else []


class Notice(models.Model):
    """What the site tells people on top of every page."""

    class Kind(models.TextChoices):
        INFO = "info", _("To know")
        SUCCESS = "success", _("Good news")
        WARNING = "warning", _("Take care")
        ERROR = "error", _("Something is broken")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("Everybody, also who is not signed in")
        SIGNED_IN = "signed_in", _("Who is signed in")
        STAFF = "staff", _("Administrators")
        GROUPS = "groups", _("Certain groups")

    kind = models.CharField(
        _("kind"),
        max_length=16,
        choices=Kind,
        default=Kind.INFO,
        help_text=_("Its sign and its colour."),
    )
    text = models.TextField(
        _("text"),
        max_length=2000,
        help_text=_("A sentence or two, in Markdown: a link is [words](address)."),
    )
    translations = models.JSONField(default=dict, blank=True, editable=False)
    audience = models.CharField(
        _("who sees it"),
        max_length=16,
        choices=Audience,
        default=Audience.SIGNED_IN,
        help_text=_("It stands on each of their pages."),
    )
    groups = models.ManyToManyField(
        "auth.Group",
        blank=True,
        related_name="+",
        verbose_name=_("groups"),
        help_text=_("Which ones, where certain groups see it."),
    )
    starts_at = models.DateTimeField(
        _("from"), null=True, blank=True, help_text=_("Empty: at once.")
    )
    ends_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until it is deleted.")
    )
    may_be_dismissed = models.BooleanField(
        _("people may put it away"),
        default=True,
        help_text=_("Whoever is signed in and closes it does not see it again."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")

    def __str__(self):
        return rendering.plain_text(self.text)[:80]

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        _kept.forget()

    @property
    def version(self):
        """Another one when it looks different, in any language."""
        look = (self.kind, self.text, self.translations, self.may_be_dismissed)
        return f"{self.pk}-{crc32(repr(look).encode()):x}"

    @property
    def html(self):
        """Its text in the reader's language."""
        text = in_language(self.translations, self.text)
        return rendering.render(text, prefix=f"notice-{self.pk}-")


class NoticeDismissal(models.Model):
    """That somebody has put a notice away."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="dismissals")
    user = models.ForeignKey("User", models.CASCADE, related_name="+")
    dismissed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "user"], name="notice_dismissed_once"
            )
        ]


def _any_living():
    return Notice.objects.living().exists()


_kept = Kept(_any_living, bool)
