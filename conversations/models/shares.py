import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_token():
    """Return 192 bits that cannot be guessed, fit for an address."""
    return secrets.token_urlsafe(24)


class ShareQuerySet(models.QuerySet):
    def editable_by(self, user):
        """Keep the links `user` has made."""
        return self.filter(author=user)

    def living(self):
        """Keep those that lead somewhere.

        A link ends with its author's account and with its conversation; while that is
        in the bin, it rests.
        """
        lasts = Q(conversation__expires_at=None)
        lasts |= Q(conversation__expires_at__gt=timezone.now())
        return self.filter(lasts, conversation__deleted_at=None, author__is_active=True)

    def visible_to(self, user):
        """Keep the links whose snapshot `user` may read; they may be nobody."""
        if settings.SHARING == "off":
            return self.none()
        if not user.is_authenticated:
            is_open = settings.SHARING == "anyone"
            anyone = self.living().filter(audience=Share.Audience.ANYONE)
            return anyone if is_open else self.none()
        # Not by a join: what it doubles would have to be compared, snapshots and all.
        chosen = Share.readers.through.objects.filter(user=user).values("share")
        return self.living().filter(
            Q(audience__in=[Share.Audience.ANYONE, Share.Audience.SIGNED_IN])
            | Q(audience=Share.Audience.CHOSEN, pk__in=chosen)
            | Q(author=user)
        )


class Share(models.Model):
    """A link to a conversation as it was when the link was made, or renewed."""

    class Audience(models.TextChoices):
        ANYONE = "anyone", _("Anyone with the link")
        SIGNED_IN = "signed_in", _("People who are signed in")
        CHOSEN = "chosen", _("Chosen people")

    token = models.CharField(
        max_length=64, unique=True, default=new_token, editable=False
    )
    conversation = models.ForeignKey(
        "Conversation", models.CASCADE, related_name="shares"
    )
    author = models.ForeignKey("User", models.CASCADE, related_name="shares")
    audience = models.CharField(
        _("who may read it"), max_length=16, choices=Audience, default=Audience.ANYONE
    )
    readers = models.ManyToManyField("User", blank=True, related_name="+")
    shows_author = models.BooleanField(_("with my name"), default=False)
    # A copy: actions/snapshots.py says of what. Replies may grow on in the original.
    title = models.CharField(max_length=200)
    content = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    taken_at = models.DateTimeField(default=timezone.now)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at", "-pk"]
        verbose_name = _("shared link")
        verbose_name_plural = _("shared links")

    def __str__(self):
        return str(self.pk)  # never the token: whoever has it may read

    def get_absolute_url(self):
        return reverse("conversations:share_detail", args=[self.token])

    @property
    def link(self):
        """The whole address, as it is given to others."""
        return f"{settings.SITE_URL}{self.get_absolute_url()}"


def offered_audiences():
    """Return the `(value, words)` of the audiences that the site allows a link."""
    not_offered = {
        "anyone": [],
        "signed_in": [Share.Audience.ANYONE],
        "off": Share.Audience.values,
    }[settings.SHARING]
    return [row for row in Share.Audience.choices if row[0] not in not_offered]
