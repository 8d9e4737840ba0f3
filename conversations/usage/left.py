"""What is left of budgets, and how it is said."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conversations.models import Budget, Persona, SiteSettings
from conversations.models.budgets import are_any, budgets_for, shown

from . import periods

# Below this part of a budget, people are told what is left of it.
LOW = 0.2


@dataclass(frozen=True, slots=True)
class Left:
    """A budget, and how much of it is used in the period that `now` is in."""

    budget: Budget
    used: int
    now: datetime

    @property
    def amount(self):
        return max(0, self.budget.amount - self.used)

    @property
    def share(self):
        """What is left, from 0 to 1."""
        return self.amount / self.budget.amount if self.budget.amount else 0.0

    @property
    def percent(self):
        return round(100 * self.share)

    @property
    def percent_used(self):
        return 100 - self.percent

    @property
    def is_used_up(self):
        return not self.amount

    @property
    def is_low(self):
        return self.share < LOW

    def limits(self, model):
        """Whether calls of `model` take from it: what is free takes no money."""
        return self.budget.unit != Budget.Unit.MONEY or not model.prices.are_free

    @property
    def refills_at(self):
        return self.budget.refills_at(self.now)

    @property
    def shown_amount(self):
        return shown(self.budget.unit, self.amount)

    @property
    def sentence(self):
        """What is left, or that nothing is and what to do, for whoever writes."""
        if self.is_used_up:
            return self.end_sentence
        if not self.budget.is_personal:
            return f"{_little_left(self.budget, self.percent)} {self.refill_sentence}"
        said = _("Left of your %(amount)s %(period)s: %(left)s.")
        values = {
            "left": self.shown_amount,
            "amount": self.budget.shown_amount,
            "period": self.budget.get_period_display(),
        }
        return f"{said % values} {self.refill_sentence}"

    @property
    def refill_sentence(self):
        if self.refills_at is None:
            return _("It does not come back by itself.")
        when = date_format(timezone.localtime(self.refills_at), "DATETIME_FORMAT")
        return _("It is refilled on %(when)s.") % {"when": when}

    @property
    def end_sentence(self):
        """That it is used up, when it comes back, and whom to ask."""
        return " ".join(
            [_used_up(self.budget), self.refill_sentence, contact_sentence()]
        )

    @property
    def too_little_sentence(self):
        """That what is left is too little for what was asked."""
        said = _("Too little is left for this: %(left)s.")
        if not self.budget.is_personal:
            said = _("Too little is left of the budget for this.")
        said %= {"left": self.shown_amount}
        return " ".join([said, self.refill_sentence, contact_sentence()])


def _used_up(budget):
    if budget.is_personal:
        said = _("Your budget of %(amount)s %(period)s is used up.")
        values = {"amount": budget.shown_amount, "period": budget.get_period_display()}
        return said % values
    if budget.group_id:
        return _("The budget of your group “%s” is used up.") % budget.group
    if budget.persona_id:
        return (
            _("The budget of the persona “%s” is used up.") % budget.persona.shown_name
        )
    return _("This site's budget is used up.")


def _little_left(budget, percent):
    if budget.group_id:
        said = _("Left of the budget of your group “%(name)s”: %(percent)d %%.")
        return said % {"percent": percent, "name": budget.group}
    if budget.persona_id:
        said = _("Left of the budget of the persona “%(name)s”: %(percent)d %%.")
        return said % {"percent": percent, "name": budget.persona.shown_name}
    return _("Left of this site's budget: %(percent)d %%.") % {"percent": percent}


def contact_sentence():
    """Whom to ask, in a sentence."""
    if contact := SiteSettings.current().contact:
        return _("Whom to ask for more: %(contact)s.") % {"contact": contact}
    return _("Ask an administrator if you need more.")


class Exhausted(Exception):
    """A budget has no room for a call; nothing was reserved. `code` is for programs."""

    def __init__(self, code, sentence):
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    @classmethod
    def of(cls, left):
        is_over = left.is_used_up
        said = left.end_sentence if is_over else left.too_little_sentence
        return cls("budget", said)

    @classmethod
    def price_unknown(cls):
        return cls(
            "price_unknown",
            _(
                "Nobody has said yet what this persona's model costs, and there is a "
                "budget in money. Choose another persona, or tell an administrator."
            ),
        )


def left_for(user_id, persona_id, now=None):
    """Return a Left for each budget that a call takes from, the scarcest first."""
    if not are_any():
        return []
    return _left_of(budgets_for(user_id, persona_id), user_id, now)


def left_of_personas(user_id, persona_ids):
    """Return a Left for each budget that one of these personas has, scarcest first."""
    if not are_any():
        return []
    budgets = Budget.objects.filter(persona__in=persona_ids).order_by("pk")
    return _left_of(budgets.select_related("persona"), user_id)


def _left_of(budgets, user_id, now=None):
    now = now or timezone.now()
    found = periods.find(budgets, user_id, now)
    every = [Left(budget, period.used, now) for budget, period in found]
    return sorted(every, key=lambda left: left.share)


def scarcest_for(user_id, persona_id):
    """Return the Left that ends first where the persona's model answers, or None."""
    found = left_for(user_id, persona_id)
    if found and found[0].is_low and found[0].budget.unit == Budget.Unit.MONEY:
        model = Persona.objects.model_of(persona_id)
        found = [left for left in found if left.limits(model)]
    return found[0] if found else None


def check(user_id, persona_id, model):
    """Raise Exhausted when nothing is left to `user` for that persona and model."""
    for left in left_for(user_id, persona_id):
        if left.is_used_up and left.limits(model):
            raise Exhausted.of(left)
