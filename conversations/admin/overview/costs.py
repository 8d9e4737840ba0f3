"""What it cost: day by day, by persona, model and group."""

from dataclasses import replace
from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.models import LanguageModel, Persona
from conversations.models.budgets import shown_money

from . import days, plots
from .tables import Figure, Sum, Sums, Table, count, money, named, number, rows_at

SHOWN_DAYS = 30


def figures():
    month = _month()
    today, total = month[-1].total, _total(month)
    all_month = rows_at("usageentry", created_at__gte=_begin(month))
    return [
        Figure(_("Cost today"), today.money, _entries(month[-1].date), _note(today)),
        Figure(_("Cost this month"), total.money, all_month, _note(total)),
    ]


def _note(sum_):
    if not sum_.unknown:
        return ""
    return ngettext(
        "%(calls)s call of unknown price",
        "%(calls)s calls of unknown price",
        sum_.unknown,
    ) % {"calls": count(sum_.unknown)}


def by_day():
    shown = days.last(SHOWN_DAYS)
    rows = [
        [
            named(date_format(day.date, "DATE_FORMAT"), _entries(day.date)),
            number(day.total.calls),
            number(day.total.tokens),
            number(day.total.unknown),
            money(day.total),
        ]
        for day in reversed(shown)
    ]
    return Table(
        "cost-days",
        _("Cost by day"),
        [_("day"), _("calls"), _("tokens"), _("of unknown price"), _("cost")],
        rows,
        empty=_("Nothing was spent in 30 days."),
        note=_("Grey: calls of unknown price."),
        plot=_plot(shown),
    )


def _plot(shown):
    # A day of which no price is known has no height: it is a mark on the ground.
    known = max((day.total.micros for day in shown), default=0)
    mark = known * 0.03 or 1
    return plots.draw(
        [
            (
                f"{date_format(day.date, 'DATE_FORMAT')}: {day.total.money}",
                _entries(day.date),
                {
                    "unknown": mark if day.total.unknown else 0,
                    "whole": day.total.micros,
                },
            )
            for day in shown
        ],
        title=_("Cost of each of the last 30 days"),
        most=lambda top: shown_money(known),
        first=date_format(shown[0].date, "MONTH_DAY_FORMAT"),
        last=_("today"),
    )


def by_persona():
    names = dict(Persona.objects.values_list("pk", "name"))
    table = _table(_("persona"), "personas", names, "persona")
    return replace(table, name="cost-personas", title=_("Cost by persona"))


def by_model():
    rows = LanguageModel.objects.select_related("provider")
    names = {model.pk: str(model) for model in rows}
    table = _table(_("language model"), "models", names, "model")
    return replace(table, name="cost-models", title=_("Cost by model"))


def by_group():
    names = dict(Group.objects.values_list("pk", "name"))
    names[days.UNGROUPED] = _("in no group")
    return replace(
        _table(_("group"), "groups", names, "user__groups"),
        name="cost-groups",
        title=_("Cost by group"),
        note=_("Who is in several groups counts in each."),
    )


def _table(column, kind, names, lookup):
    """Return what each of a kind cost this month, the dearest first."""
    month = _month()
    sums, today = Sums(), getattr(month[-1], kind)
    for day in month:
        for pk, sum_ in getattr(day, kind).items():
            sums.add(pk, sum_)
    found = sorted(sums.by_pk.items(), key=_dearest_first)
    top = max((sum_.micros for _pk, sum_ in found), default=0)
    rows = []
    for pk, sum_ in found:
        query = {f"{lookup}__id__exact": pk} if pk else {f"{lookup}__isnull": True}
        url = rows_at("usageentry", created_at__gte=_begin(month), **query)
        rows.append(
            [
                named(names.get(pk, _("no longer here")), url),
                money(sum_, share=_share(sum_, top)),
                money(today.get(pk, Sum())),
                number(sum_.calls),
                number(sum_.unknown),
            ]
        )
    columns = [column, _("this month"), _("today"), _("calls"), _("of unknown price")]
    return Table(
        "", "", columns, rows, empty=_("Nobody has asked anything this month.")
    )


def _share(sum_, top):
    return round(100 * sum_.micros / top) if top and sum_.is_known else None


def _dearest_first(item):
    _pk, sum_ = item
    return -sum_.micros, -sum_.calls


def _begin(month):
    return days.begins_at(month[0].date).isoformat()


def _month():
    """Return the Days of this month."""
    return days.last(days.today().day)


def _total(found):
    total = Sum()
    for day in found:
        total.add(day.total)
    return total


def _entries(day):
    return rows_at(
        "usageentry",
        created_at__gte=days.begins_at(day).isoformat(),
        created_at__lt=days.begins_at(day + timedelta(days=1)).isoformat(),
    )
