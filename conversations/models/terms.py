from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations import rendering

from .kept import Kept
from .translations import in_language


class Terms(models.Model):
    """What people agree to, in one version. Never changed once it is in force."""

    version = models.CharField(
        _("version"),
        max_length=40,
        unique=True,
        help_text=_("What this text is called, as 2026-11."),
    )
    text = models.TextField(_("text"), max_length=200_000, help_text=_("In Markdown."))
    translations = models.JSONField(default=dict, blank=True, editable=False)
    in_force_since = models.DateTimeField(
        _("in force since"),
        default=timezone.now,
        help_text=_(
            "From then on everybody has to accept it before they go on, and it is not "
            "changed any more."
        ),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-in_force_since", "-pk"]
        verbose_name = _("terms")
        verbose_name_plural = _("terms")

    def __str__(self):
        return self.version

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        _kept.forget()

    @classmethod
    def current(cls):
        """Return the newest in force, as of some seconds ago; None without any."""
        now = timezone.now()
        return next(
            (terms for terms in _kept.get() if terms.in_force_since <= now), None
        )

    @classmethod
    def owed_by(cls, user):
        """Return what `user` has to accept before they go on; None: nothing."""
        current = cls.current()
        if current is None or user.accepted_terms_id == current.pk:
            return None
        return current

    @property
    def is_in_force(self):
        return self.pk is not None and self.in_force_since <= timezone.now()

    @property
    def html(self):
        """Its text in the reader's language."""
        return rendering.render(in_language(self.translations, self.text))


class TermsAcceptance(models.Model):
    """That somebody has accepted a version, and when."""

    terms = models.ForeignKey(Terms, models.PROTECT, related_name="acceptances")
    user = models.ForeignKey("User", models.CASCADE, related_name="acceptances")
    accepted_at = models.DateTimeField(_("accepted"), default=timezone.now)

    class Meta:
        verbose_name = _("acceptance of terms")
        verbose_name_plural = _("acceptances of terms")
        constraints = [
            models.UniqueConstraint(
                fields=["terms", "user"], name="terms_accepted_once"
            )
        ]

    def __str__(self):
        return f"{self.terms}, {self.accepted_at:%Y-%m-%d}"


def _newest_first():
    return list(Terms.objects.defer("text", "translations"))


_kept = Kept(_newest_first, list)
