import secrets

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

    def visible_to(self, user):
        """Keep the links whose snapshot `user` may read; they may be nobody."""
        allowed = Q(audience=Share.Audience.ANYONE)
        if user.is_authenticated:
            chosen = Q(audience=Share.Audience.CHOSEN, readers=user)
            signed_in = Q(audience=Share.Audience.SIGNED_IN)
            allowed |= signed_in | chosen | Q(author=user)
        return self.filter(allowed, conversation__deleted_at=None).distinct()


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
    # A copy: see transfer/native.py for its shape. Replies may grow on in the original.
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
