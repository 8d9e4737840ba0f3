"""Every call of a model: reserved before, settled after, or released.

Where there is no budget nothing is reserved: a call costs one row, once it has ended.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import inf

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from conversations.models import (
    Budget,
    BudgetPeriod,
    Generation,
    LanguageModel,
    UsageEntry,
)
from conversations.models.budgets import are_any, budgets_for
from conversations.models.prepared_writes import insert
from conversations.models.prices import MILLION

from . import periods
from .left import Exhausted, Left

State, Unit = UsageEntry.State, Budget.Unit

# What is set aside for a reply, and its limit, where persona and model name none.
REPLY_TOKENS = 4096
# A reply that could be no longer than this is not worth asking for.
LEAST_REPLY_TOKENS = 256
# A reservation without a call is let go so long after the longest call there can be.
STALE_SECONDS = 60


@dataclass(slots=True)
class Call:
    """A call of `model` that somebody asks for, and what it may take at most.

    `prompt_tokens` are estimated; `most_output_tokens` is None where nobody set a
    limit. `entry` is its reservation, once there is one.
    """

    user_id: int | None
    persona_id: int | None
    model: LanguageModel
    purpose: str
    generation_id: int | None = None
    prompt_tokens: int = 0
    most_output_tokens: int | None = None
    written_before: int = 0  # characters, of a reply that goes on
    entry: UsageEntry | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What a call took, as the provider reported it, or as we estimate."""

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    is_estimated: bool = False


def reserve(call):
    """Set aside what `call` may take of each budget; return its limit for the reply.

    The limit is in tokens: what is asked for must not be longer. It is the one that
    `call` came with where no budget counts tokens or money. Call it in the transaction
    that decides on the call. Raises Exhausted; then nothing was set aside.
    """
    if not are_any():
        return call.most_output_tokens
    with transaction.atomic(savepoint=False):
        budgets = budgets_for(call.user_id, call.persona_id)
        now = timezone.now()
        places = periods.lock(budgets, call.user_id, now) if budgets else []
        refused = None
        try:
            most = _longest_reply(call, places, now)
        except Exhausted as error:
            refused = error  # not through the end of the block: it may go on after it
        else:
            _set_aside(call, most, places, now)
    if refused is not None:
        raise refused
    is_limited = any(budget.unit != Unit.MESSAGES for budget in budgets)
    return most if is_limited else call.most_output_tokens


def line_up(user_id, persona_ids):
    """Have several calls of one transaction wait for others once, before the first.

    One after the other, each would keep its budgets from others and wait for theirs.
    """
    if not are_any():
        return
    found = {b.pk: b for pk in persona_ids for b in budgets_for(user_id, pk)}
    if found:
        budgets = [found[pk] for pk in sorted(found)]
        periods.lock(budgets, user_id, timezone.now())


def _set_aside(call, most, places, now):
    if not places:
        return
    call.entry = entry = _new_entry(call, state=State.RESERVED, created_at=now)
    entry.prompt_tokens, entry.completion_tokens = call.prompt_tokens, most
    entry.cost_micros = _cost_of(entry)
    entry.charges = _charge(entry, places)
    entry.save(force_insert=True)


def _longest_reply(call, places, now):
    """Return how many tokens of reply all budgets have room for; raises Exhausted."""
    most = call.most_output_tokens or REPLY_TOKENS
    least = min(most, LEAST_REPLY_TOKENS)
    for budget, period in places:
        left = Left(budget, period.used, now)
        room = _room(budget.unit, left.amount, call)
        if room < least:
            raise Exhausted.of(left)
        most = min(most, room)
    return most


def _room(unit, left, call):
    """Return how many tokens of reply `left` of a budget pays for."""
    if unit == Unit.MESSAGES:
        return inf if left or call.purpose not in UsageEntry.MESSAGES else -1
    if unit == Unit.TOKENS:
        return left - call.prompt_tokens
    prices = call.model.prices
    if not prices.are_known:
        raise Exhausted.price_unknown()
    left = left * MILLION - call.prompt_tokens * prices.prompt
    if not prices.completion:
        return inf if left >= 0 else -1
    return left // prices.completion


def settle(call, spent):
    """Write down what `call` took; None is nothing, and what was reserved is free.

    What another process estimated, as it thought ours dead, is put right once.
    """
    with transaction.atomic(savepoint=False):
        if call.entry is None:
            _add(call, spent)
        else:
            _end(call.entry.pk, spent)


def _add(call, spent):
    entry = _new_entry(call, created_at=timezone.now())
    _fill(entry, spent)
    if spent is not None and are_any():
        budgets = budgets_for(call.user_id, call.persona_id)
        places = periods.lock(budgets, call.user_id, entry.created_at)
        entry.charges = _charge(entry, places)
    insert(entry)


def _end(pk, spent):
    """Replace what was reserved by what was spent, in the ledger and the budgets."""
    reserved = Q(state=State.RESERVED) | Q(state=State.SETTLED, is_estimated=True)
    rows = UsageEntry.objects.select_for_update().filter(reserved, pk=pk)
    entry = rows.first()
    if entry is None or (spent is None and entry.state == State.SETTLED):
        return
    _fill(entry, spent)
    before, entry.charges = entry.charges, {}
    taken = BudgetPeriod.objects.select_related("budget").select_for_update(
        of=("self",)
    )
    for period in taken.filter(pk__in=before).order_by("budget_id"):
        amount = periods.amount_of(period.budget.unit, entry)
        entry.charges[str(period.pk)] = amount
        _take(period.pk, amount - before[str(period.pk)])
    UsageEntry.objects.filter(pk=pk).update(
        **{name: getattr(entry, name) for name in _SETTLED_FIELDS}
    )


_SETTLED_FIELDS = (
    "state",
    "prompt_tokens",
    "cached_tokens",
    "completion_tokens",
    "reasoning_tokens",
    "is_estimated",
    "cost_micros",
    "charges",
    "settled_at",
)


def _new_entry(call, **fields):
    prices = call.model.prices
    return UsageEntry(
        user_id=call.user_id,
        persona_id=call.persona_id,
        model_id=call.model.pk,
        provider_id=call.model.provider_id,
        generation_id=call.generation_id,
        purpose=call.purpose,
        prompt_price=prices.prompt,
        cached_price=prices.cached,
        completion_price=prices.completion,
        **fields,
    )


def _fill(entry, spent):
    entry.state = State.RELEASED if spent is None else State.SETTLED
    spent = spent or Spent(0, 0)
    entry.settled_at = timezone.now()
    entry.prompt_tokens = spent.prompt_tokens
    entry.cached_tokens = spent.cached_tokens
    entry.completion_tokens = spent.completion_tokens
    entry.reasoning_tokens = spent.reasoning_tokens
    entry.is_estimated = spent.is_estimated
    entry.cost_micros = _cost_of(entry)


def _cost_of(entry):
    return entry.prices.cost_micros(
        prompt_tokens=entry.prompt_tokens,
        cached_tokens=entry.cached_tokens,
        completion_tokens=entry.completion_tokens,
    )


def _charge(entry, places):
    """Take what `entry` stands for from each budget; return its charges."""
    charges = {}
    for budget, period in places:
        charges[str(period.pk)] = amount = periods.amount_of(budget.unit, entry)
        _take(period.pk, amount)
    return charges


def _take(period_id, amount):
    if amount:
        rows = BudgetPeriod.objects.filter(pk=period_id)
        rows.update(used=F("used") + amount)


def release_stale():
    """Let go what was reserved for calls that nobody makes any more; return how many.

    A reply's reservation is settled with the reply. The others are a trial's or a
    title's whose process died.
    """
    longest = settings.OPENAI_TOTAL_TIMEOUT_SECONDS + STALE_SECONDS
    before = timezone.now() - timedelta(seconds=longest)
    stale = UsageEntry.objects.open().filter(created_at__lt=before)
    return release(stale.exclude(generation__state__in=Generation.OPEN))


def release(entries):
    """Give back what is reserved for `entries`, a thousand at most; return how many."""
    pks = list(entries.values_list("pk", flat=True)[:1000])
    for pk in pks:
        with transaction.atomic(savepoint=False):
            _end(pk, None)
    return len(pks)
