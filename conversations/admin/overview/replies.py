"""What went wrong in the last day, and how long people waited."""

from collections import defaultdict
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from conversations.doctor.failures import sentence_of
from conversations.models import Generation, LanguageModel

from . import plots
from .days import FRESH_SECONDS
from .tables import Cell, Figure, Table, count, named, number, rows_at

HOURS = 24
# Of more replies a day, the newest tell enough of how quick they are.
MOST_TIMED = 5_000


def figures():
    failed = sum(row[1] for row in _errors())
    return [
        Figure(
            _("Replies that went wrong, last day"),
            count(failed),
            rows_at("generation", created_at__gte=_since(), error="any"),
            is_bad=failed > 0,
        )
    ]


# ── errors ────────────────────────────────────────────────────────────────────────


def errors():
    found = _errors()
    top = max((total for _code, total in found), default=0)
    rows = [
        [
            named(code, rows_at("generation", created_at__gte=_since(), error=code)),
            Cell(sentence_of(code), sentence_of(code), is_number=False),
            number(total, share=round(100 * total / top)),
        ]
        for code, total in found
    ]
    return Table(
        "errors",
        _("What went wrong in the last day"),
        [_("error code"), _("what it means"), _("replies")],
        rows,
        empty=_("Nothing went wrong in the last day."),
    )


def _errors():
    def ask():
        rows = _of_last_day().exclude(error_code="").order_by()
        totals = rows.values_list("error_code").annotate(total=Count("pk"))
        return sorted(totals, key=lambda row: -row[1])

    return cache.get_or_set("overview.errors", ask, FRESH_SECONDS)


def by_hour():
    """Return how many replies each hour of the last day asked for."""
    hours = cache.get_or_set("overview.hours", _hours, FRESH_SECONDS)
    rows, values = [], []
    for begin, total, failed in hours:
        end = begin + timedelta(hours=1)
        when = {"created_at__gte": begin.isoformat(), "created_at__lt": end.isoformat()}
        hour = time_format(timezone.localtime(begin), "TIME_FORMAT")
        url = rows_at("generation", **when)
        failed_url = rows_at("generation", **when, error="any")
        rows.append([named(hour, url), number(total), number(failed, failed_url)])
        facts = {"hour": hour, "total": count(total), "failed": count(failed)}
        label = _("%(hour)s: %(total)s replies, %(failed)s went wrong") % facts
        values.append((label, url, {"failed": failed, "whole": total - failed}))
    plot = plots.draw(
        values,
        title=_("Replies in each hour of the last day"),
        most=count,
        first=rows[0][0].text,
        last=_("now"),
    )
    columns = [_("hour"), _("replies"), _("went wrong")]
    title = _("Replies by hour")
    return Table(
        "hours",
        title,
        columns,
        rows[::-1],
        empty=_("Nobody has asked anything in the last day."),
        note=_("Red: went wrong."),
        plot=plot,
    )


def _hours():
    this = timezone.now().replace(minute=0, second=0, microsecond=0)
    begins = [this - timedelta(hours=back) for back in reversed(range(HOURS))]
    return [(begin, *_counts_of(begin)) for begin in begins]


def _counts_of(begin):
    rows = _written_here().filter(
        created_at__gte=begin, created_at__lt=begin + timedelta(hours=1)
    )
    found = rows.aggregate(
        total=Count("pk"), failed=Count("pk", filter=~Q(error_code=""))
    )
    return found["total"], found["failed"]


# ── speed ─────────────────────────────────────────────────────────────────────────


def speed():
    """Return how long each model let people wait, the slowest first."""
    names = {
        model.pk: str(model)
        for model in LanguageModel.objects.select_related("provider")
    }
    found = cache.get_or_set("overview.speed", _times, FRESH_SECONDS)
    ordered = sorted(found.items(), key=lambda item: -(item[1]["first"][1] or 0))
    rows = []
    for pk, times in ordered:
        query = {"model": pk} if pk else {}
        url = rows_at("generation", created_at__gte=_since(), **query)
        rows.append(
            [
                named(names.get(pk, _("no longer here")), url),
                number(times["replies"]),
                *(_milliseconds(value) for value in times["first"]),
                *(_seconds(value) for value in times["whole"]),
            ]
        )
    return Table(
        "speed",
        _("Slowest models of the last day"),
        [
            _("language model"),
            _("replies"),
            _("first words, half within"),
            _("first words, 95 % within"),
            _("whole reply, half within"),
            _("whole reply, 95 % within"),
        ],
        rows,
        empty=_("No model has answered in the last day."),
        note=_("Of the newest %(total)s replies at most.")
        % {"total": count(MOST_TIMED)},
    )


def _times():
    rows = _of_last_day().exclude(ended_at=None).order_by("-created_at")
    first, whole = defaultdict(list), defaultdict(list)
    columns = ("model", "first_token_ms", "started_at", "ended_at")
    for model, first_ms, started, ended in rows.values_list(*columns)[:MOST_TIMED]:
        if first_ms is not None:
            first[model].append(first_ms)
        if started is not None:
            whole[model].append((ended - started).total_seconds())
    return {
        model: {
            "replies": len(whole[model]),
            "first": percentiles(first[model]),
            "whole": percentiles(whole[model]),
        }
        for model in whole
    }


def percentiles(values):
    """Return that which half of `values` and 95 % of them do not exceed."""
    ordered = sorted(values)
    if not ordered:
        return None, None
    places = (-(-len(ordered) * part // 100) - 1 for part in (50, 95))
    return tuple(ordered[place] for place in places)


def _milliseconds(value):
    return Cell("–" if value is None else f"{count(value)} ms", value)


def _seconds(value):
    return Cell("–" if value is None else f"{value:.1f} s", value)


def _of_last_day():
    return _written_here().filter(created_at__gte=_since())


def _written_here():
    """What was brought in, or copied, went wrong elsewhere or was counted before."""
    return Generation.objects.exclude(started_at=None)


def _since():
    """The beginning of the last day, by the minute: what is kept and linked agree."""
    moment = timezone.now() - timedelta(hours=HOURS)
    return moment.replace(second=0, microsecond=0).isoformat()
