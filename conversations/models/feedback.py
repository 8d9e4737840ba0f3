from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Feedback(models.Model):
    """What one person thought of a reply, for whoever edits its persona."""

    class Verdict(models.TextChoices):
        GOOD = "good", _("Good")
        BAD = "bad", _("Bad")

    reply = models.ForeignKey("Message", models.CASCADE, related_name="feedback")
    user = models.ForeignKey("User", models.CASCADE, related_name="+")
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    given_at = models.DateTimeField(_("given at"), default=timezone.now)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.UniqueConstraint(fields=["reply", "user"], name="feedback_once")
        ]

    def __str__(self):
        return str(self.pk)
