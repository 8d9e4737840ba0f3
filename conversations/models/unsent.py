import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .prepared import Prepared

NEW_CHAT = uuid.UUID(int=0)


class UnsentTextQuerySet(models.QuerySet):
    def of(self, user, conversation):
        """Return what `user` left in the box of `conversation`, None for nothing.

        A conversation of None is one that has not begun.
        """
        key = conversation.pk if conversation else NEW_CHAT
        return next(iter(_left_by(user.pk, key)), None)


class UnsentText(models.Model):
    """What somebody has typed and not sent: it follows them to their other devices."""

    user = models.ForeignKey("User", models.CASCADE, related_name="unsent_texts")
    # No foreign key: NEW_CHAT stands for the box of a new chat.
    conversation_id = models.UUIDField()
    text = models.TextField()
    written_at = models.DateTimeField()

    objects = UnsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsent text")
        verbose_name_plural = _("unsent texts")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "conversation_id"], name="unsent_text_once"
            )
        ]

    def __str__(self):
        return str(self.pk)

    @property
    def version(self):
        """Which writing this is: a browser says what it knew when it sends another."""
        return f"{self.written_at.timestamp():.6f}"


@Prepared
def _left_by(user_id, conversation_id):
    return UnsentText.objects.filter(user=user_id, conversation_id=conversation_id)
