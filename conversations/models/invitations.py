import secrets

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .shares import new_token

# Without what is taken for another when it is read out or written down.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
CODE_LENGTH = 8


def new_code():
    """Return what can be typed in: 39 bits, guarded by a limit on tries."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


class InvitationQuerySet(models.QuerySet):
    def usable(self):
        """Keep those that let somebody in now."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
            Q(most_uses=None) | Q(uses__lt=F("most_uses")),
            revoked_at=None,
        )

    def of_code(self, typed):
        """Keep that of the code as somebody types it: in groups, in small letters."""
        code = "".join(letter for letter in typed.upper() if letter.isalnum())
        return self.filter(code=code)


class Invitation(models.Model):
    """Lets people make an account: by a link, or by a code that is typed in."""

    class State(models.TextChoices):
        USABLE = "usable", pgettext_lazy("invitation", "Open")
        USED_UP = "used_up", _("Used up")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Taken back")

    token = models.CharField(
        max_length=64, unique=True, default=new_token, editable=False
    )
    code = models.CharField(
        max_length=CODE_LENGTH, unique=True, default=new_code, editable=False
    )
    note = models.CharField(
        _("note"),
        max_length=200,
        blank=True,
        help_text=_("For you and other administrators, as “Class 7b”."),
    )
    group = models.ForeignKey(
        "auth.Group",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("group"),
        help_text=_("Whoever comes by it is in this group."),
    )
    expires_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: for ever.")
    )
    most_uses = models.PositiveIntegerField(
        _("for how many people"),
        null=True,
        blank=True,
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: as many as come."),
    )
    uses = models.PositiveIntegerField(_("used"), default=0, editable=False)
    people = models.ManyToManyField(
        "User", blank=True, editable=False, related_name="+", verbose_name=_("people")
    )
    author = models.ForeignKey(
        "User",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("taken back"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(most_uses=None) | Q(uses__lte=F("most_uses")),
                name="invitation_not_overused",
            )
        ]

    def __str__(self):
        return self.note or str(self.pk)  # never what lets somebody in

    def get_absolute_url(self):
        return reverse("conversations:invitation_detail", args=[self.token])

    @property
    def link(self):
        """The whole address, as it is given to others."""
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    @property
    def spoken_code(self):
        """The code as it is read out: in groups of four."""
        half = CODE_LENGTH // 2
        return f"{self.code[:half]}-{self.code[half:]}"

    @property
    def state(self):
        """One of State."""
        if self.revoked_at:
            return self.State.REVOKED
        if self.expires_at and self.expires_at <= timezone.now():
            return self.State.EXPIRED
        if self.most_uses is not None and self.uses >= self.most_uses:
            return self.State.USED_UP
        return self.State.USABLE
