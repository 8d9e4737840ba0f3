import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

NEW_CHAT = uuid.UUID(int=0)


class UnsentText(models.Model):
    """What somebody has typed and not sent: it follows them to their other devices."""

    user = models.ForeignKey("User", models.CASCADE, related_name="unsent_texts")
    # No foreign key: NEW_CHAT stands for the box of a new chat.
    conversation_id = models.UUIDField()
    text = models.TextField()
    written_at = models.DateTimeField()

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
