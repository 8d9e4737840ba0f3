"""How much may be spent, by whom, until when."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .kept import Kept
from .prepared import Prepared
from .usage import UsageEntry
from .users import User


class BudgetQuerySet(models.QuerySet):
    def for_call(self, user_id, persona_id):
        """Keep those that a call of `user` by way of that persona takes from."""
        memberships = User.groups.through.objects.filter(user=user_id)
        return self.filter(
            Q(user=user_id)
            | Q(group__in=memberships.values("group"))
            | Q(persona=persona_id)
            | Q(user=None, group=None, persona=None)
        )


class Budget(models.Model):
    """So much money, so many tokens or messages a day, a week, a month or once.

    All budgets that apply to a call must have room for it. It is somebody's, a
    group's, a persona's or, with none of these, the site's.
    """

    class Unit(models.TextChoices):
        MONEY = "money", _("Money")
        TOKENS = "tokens", _("Tokens")
        MESSAGES = "messages", _("Messages")

    class Period(models.TextChoices):
        DAY = "day", _("a day")
        WEEK = "week", _("a week")
        MONTH = "month", _("a month")
        ONCE = "once", _("once")

    user = models.ForeignKey(
        "User",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="budgets",
        verbose_name=_("user"),
    )
    group = models.ForeignKey(
        "auth.Group",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="budgets",
        verbose_name=_("group"),
    )
    persona = models.ForeignKey(
        "Persona",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="budgets",
        verbose_name=_("persona"),
    )
    is_for_each = models.BooleanField(
        _("for each person"),
        default=False,
        help_text=_(
            "Ticked: everybody it is for has this much of their own. "
            "Not ticked: they share it."
        ),
    )
    unit = models.CharField(_("unit"), max_length=16, choices=Unit)
    # Of money in millionths.
    amount = models.PositiveBigIntegerField(
        _("amount"), validators=[MinValueValidator(0)]
    )
    period = models.CharField(_("period"), max_length=16, choices=Period)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(user=None, group=None)
                    | Q(user=None, persona=None)
                    | Q(group=None, persona=None)
                ),
                name="budget_of_one",
                violation_error_message=_("Choose a user, a group or a persona."),
            )
        ]

    def __str__(self):
        return _("%(whose)s: %(amount)s %(period)s") % {
            "whose": self.whose,
            "amount": self.shown_amount,
            "period": self.get_period_display(),
        }

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        _are_any.forget()

    @property
    def whose(self):
        """Whom it is for, in a word."""
        return str(self.user or self.group or self.persona or _("The whole site"))

    @property
    def shown_amount(self):
        return shown(self.unit, self.amount)

    @property
    def is_personal(self):
        """Whether what is left of it is one person's alone."""
        return self.user_id is not None or self.is_for_each

    def starts_on(self, now):
        """Return the first day of the period that `now` is in, where the site is."""
        zone = site_zone()
        if self.period == self.Period.ONCE:
            return self.created_at.astimezone(zone).date()
        today = now.astimezone(zone).date()
        if self.period == self.Period.WEEK:
            return today - timedelta(days=today.weekday())
        return today.replace(day=1) if self.period == self.Period.MONTH else today

    def starts_at(self, now):
        """Return the moment since which it counts."""
        if self.period == self.Period.ONCE:
            return self.created_at
        return _midnight(self.starts_on(now))

    def refills_at(self, now):
        """Return the moment when all of it is there again; None: never."""
        first = self.starts_on(now)
        if self.period == self.Period.ONCE:
            return None
        if self.period == self.Period.MONTH:
            return _midnight((first + timedelta(days=31)).replace(day=1))
        return _midnight(first + timedelta(days=7 if self.period == "week" else 1))


def site_zone():
    return ZoneInfo(settings.TIME_ZONE)


def _midnight(day):
    """The first moment of `day`; where clocks skip midnight, that is later."""
    return datetime.combine(day, time.min, site_zone())


def shown(unit, amount):
    """Return an amount of `unit` as people read it."""
    if unit == Budget.Unit.MONEY:
        return shown_money(amount)
    number = number_format(amount, force_grouping=True)
    if unit == Budget.Unit.TOKENS:
        return ngettext("%(number)s token", "%(number)s tokens", amount) % {
            "number": number
        }
    return ngettext("%(number)s message", "%(number)s messages", amount) % {
        "number": number
    }


def shown_money(micros):
    """Return `micros` millionths of the currency; unknown is never "nothing"."""
    if micros is None:
        return str(_("unknown"))
    value = micros / 1_000_000
    digits = 2 if not micros or value >= 0.1 else 4
    number = number_format(f"{value:.{digits}f}", digits, force_grouping=True)
    return f"{settings.CURRENCY} {number}".strip()


class BudgetPeriodQuerySet(models.QuerySet):
    def current(self, now):
        """Keep those that `now` is in."""
        current = Q(budget__period=Budget.Period.ONCE)
        for period in (Budget.Period.DAY, Budget.Period.WEEK, Budget.Period.MONTH):
            begins = Budget(period=period).starts_on(now)
            current |= Q(budget__period=period, starts_on=begins)
        return self.filter(current)


class BudgetPeriod(models.Model):
    """What was used of a budget in one period; what is reserved counts as used."""

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="periods")
    # Whose, of a budget that each person has; None of one that is shared.
    user = models.ForeignKey("User", models.CASCADE, null=True, related_name="+")
    starts_on = models.DateField()
    used = models.BigIntegerField(default=0)

    objects = BudgetPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("period of a budget")
        verbose_name_plural = _("periods of budgets")
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "starts_on"],
                condition=Q(user=None),
                name="period_once",
            ),
            models.UniqueConstraint(
                fields=["budget", "user", "starts_on"],
                condition=Q(user__isnull=False),
                name="period_once_each",
            ),
        ]

    def __str__(self):
        return f"{self.budget_id} {self.starts_on}"


_are_any = Kept(lambda: Budget.objects.exists(), bool, insists=True)


def are_any():
    """Whether there is a budget: most sites have none, and a message asks no more."""
    return _are_any.get()


@Prepared
def budgets_for(user_id, persona_id):
    """Return the budgets that a call takes from, in the order to lock them."""
    rows = Budget.objects.for_call(user_id, persona_id)
    return rows.select_related("user", "group", "persona").order_by("pk")


def entries_of(budget, user_id, now):
    """Return the entries that count for `budget`, and for `user_id` if it is each's."""
    found = UsageEntry.objects.spent().filter(created_at__gte=budget.starts_at(now))
    if budget.is_for_each:
        found = found.filter(user=user_id)
    if budget.user_id:
        found = found.filter(user=budget.user_id)
    elif budget.group_id:
        found = found.filter(user__groups=budget.group_id)
    elif budget.persona_id:
        found = found.filter(persona=budget.persona_id)
    return found
