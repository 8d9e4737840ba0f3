from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .prices import Prices


class UsageEntryQuerySet(models.QuerySet):
    def open(self):
        """Keep those whose call has not ended yet."""
        return self.filter(state=UsageEntry.State.RESERVED)

    def spent(self):
        """Keep those that took something, or still may."""
        return self.exclude(state=UsageEntry.State.RELEASED)

    def owned_by(self, user):
        """Keep those of the calls that `user` asked for."""
        return self.filter(user=user)


class UsageEntry(models.Model):
    """One call of a model: who asked for it, what it took, at which prices.

    The ledger is only added to: what was reserved is settled or released once, by
    guarded UPDATEs, and stays as it is. Whose account or chat is erased has entries
    without a name, so that the sums stay true.
    """

    class Purpose(models.TextChoices):
        REPLY = "reply", _("Reply")
        TITLE = "title", _("Title")
        TRIAL = "trial", _("Trial of a persona")
        TEST = "test", _("Test of a provider")

    class State(models.TextChoices):
        RESERVED = "reserved", _("reserved")
        SETTLED = "settled", _("settled")
        RELEASED = "released", _("released")

    # What a budget in messages counts: what a person asks. Titles come by themselves.
    MESSAGES = (Purpose.REPLY, Purpose.TRIAL)

    user = models.ForeignKey(
        "User",
        models.SET_NULL,
        null=True,
        related_name="usage_entries",
        db_index=False,
        verbose_name=_("user"),
    )
    persona = models.ForeignKey(
        "Persona",
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("persona"),
    )
    provider = models.ForeignKey(
        "Provider",
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("provider"),
    )
    model = models.ForeignKey(
        "LanguageModel",
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("language model"),
    )
    generation = models.ForeignKey(
        "Generation",
        models.SET_NULL,
        null=True,
        related_name="usage_entries",
        verbose_name=_("reply"),
    )
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    state = models.CharField(
        _("state"), max_length=16, choices=State, default=State.SETTLED
    )
    # While it is reserved, what it may take at most.
    prompt_tokens = models.PositiveBigIntegerField(_("prompt tokens"), default=0)
    cached_tokens = models.PositiveBigIntegerField(_("cached tokens"), default=0)
    completion_tokens = models.PositiveBigIntegerField(
        _("completion tokens"), default=0
    )
    reasoning_tokens = models.PositiveBigIntegerField(_("reasoning tokens"), default=0)
    # The provider reported nothing: counted from the length of the texts.
    is_estimated = models.BooleanField(_("estimated"), default=False)
    # The prices as they were, for a million tokens in millionths; None is unknown.
    prompt_price = models.PositiveBigIntegerField(null=True)
    cached_price = models.PositiveBigIntegerField(null=True)
    completion_price = models.PositiveBigIntegerField(null=True)
    cost_micros = models.PositiveBigIntegerField(_("cost"), null=True)
    # What it takes of which budgets now: the pk of a BudgetPeriod → an amount.
    charges = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(
        _("asked at"), default=timezone.now, editable=False
    )
    settled_at = models.DateTimeField(_("settled at"), null=True)

    objects = UsageEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a model")
        verbose_name_plural = _("uses of models")
        indexes = [
            models.Index(fields=["created_at"], name="usage_date"),
            models.Index(fields=["user", "created_at"], name="usage_of_user"),
            models.Index(
                fields=["created_at"], name="usage_open", condition=Q(state="reserved")
            ),
        ]

    def __str__(self):
        return str(self.pk)

    def save(self, *args, **kwargs):
        if self.pk:
            raise ValidationError(_("The ledger is only added to."))
        super().save(*args, **kwargs)

    @property
    def prices(self):
        return Prices(self.prompt_price, self.cached_price, self.completion_price)
