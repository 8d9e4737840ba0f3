"""The overview itself, and each of its tables as CSV."""

from collections.abc import Callable
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.views.decorators.http import require_safe

from conversations.admin.doctor import may_examine
from conversations.admin.tables import download, lines

from . import budgets, costs, people, replies, state


class Source(NamedTuple):
    """What makes a Table, and who may see it."""

    make: Callable
    permission: str


MONEY = "conversations.view_usageentry"
REPLIES = "conversations.view_generation"
PEOPLE = "conversations.view_user"

# In the order of the page.
TABLES = {
    "cost-days": Source(costs.by_day, MONEY),
    "cost-personas": Source(costs.by_persona, MONEY),
    "cost-models": Source(costs.by_model, MONEY),
    "cost-groups": Source(costs.by_group, MONEY),
    "budgets": Source(budgets.near_their_end, "conversations.view_budget"),
    "hours": Source(replies.by_hour, REPLIES),
    "errors": Source(replies.errors, REPLIES),
    "speed": Source(replies.speed, REPLIES),
}
FIGURES = (
    Source(people.figures, PEOPLE),
    Source(people.sockets, PEOPLE),
    Source(costs.figures, MONEY),
    Source(replies.figures, REPLIES),
)


def first_page(request):
    """Return what an administrator wants to know, as the page takes it."""
    parts = state.parts()
    return {
        "parts": parts,
        "is_whole": all(part.is_well for part in parts),
        "may_examine": may_examine(request.user),
        "figures": [
            figure for source in _allowed(request, FIGURES) for figure in source.make()
        ],
        "tables": [source.make() for source in _allowed(request, TABLES.values())],
    }


@require_safe
def table_csv(request, name):
    source = TABLES.get(name)
    if source is None:
        raise Http404
    if not request.user.has_perm(source.permission):
        raise PermissionDenied
    table = source.make()
    rows = ([cell.value for cell in row] for row in table.rows)
    return download(request, f"{name}.csv", lines(table.columns, rows))


def _allowed(request, sources):
    return [source for source in sources if request.user.has_perm(source.permission)]
