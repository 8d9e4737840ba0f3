"""The rows of the index that a question finds, in what its person may see."""

from functools import cache
from itertools import chain

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left
from django.utils.translation import gettext as _

from conversations.models import (
    Conversation,
    Folder,
    Message,
    Participant,
    Persona,
)
from conversations.models.prepared import Slot

from . import beginnings
from .engines import engine_of
from .query import Query
from .texts import text_of
from .words import fold

_ENTRY = "hit.id, hit.conversation_id, hit.message_id"
_CREATED_AT = """coalesce(
    (SELECT created_at FROM conversations_message WHERE id = hit.message_id),
    (SELECT created_at FROM conversations_conversation WHERE id = hit.conversation_id)
)"""


def is_found(user, query):
    """Whether there is anything."""
    return bool(found(user, query, limit=1)[0])


def newest_texts(user, *, limit, characters):
    """Return how the newest messages of `user` begin, and no others: newest first."""
    entries = _entries(user, Query(), None, limit=limit)
    pks = [message_id for *_, message_id in entries if message_id]
    rows = Message.objects.filter(pk__in=pks).order_by("-pk")
    return rows.values_list(Left("text", characters), flat=True)


def newest_titles(user, *, limit):
    """Return the titles of the newest conversations of `user`."""
    rows = Conversation.objects.owned_by(user).listed()[:limit]
    return rows.values_list("title", flat=True)


def _listed(user):
    """What may be found at all, where all of it is gone through: as indexes know it."""
    others = list(_joined(user.pk))
    mine = Q(owner=user) | Q(pk__in=others) if others else Q(owner=user)
    return Conversation.objects.filter(mine, deleted_at=None, expires_at=None)


def _joined(user_id):
    places = Participant.objects.joined().filter(user=user_id)
    return places.values_list("conversation", flat=True)


def found(user, query, *, limit, before=None):
    """Return `(id, conversation id, message id)` of the hits, and what is unknown."""
    scope, problems = _scope(user, query) if query.has_filters else (None, [])
    if problems or not (query.phrases or query.has_filters):
        return [], problems
    return _entries(user, query, scope, limit=limit, before=before), problems


def _scope(user, query):
    """Return the conversations in which `query` looks, and what it names in vain."""
    scope = mine = _listed(user)
    problems = []
    for name in query.personas:
        met = Persona.objects.filter(pk__in=mine.values("persona"))
        met = met.only("name", "slug", "translations")
        found = _named([(persona.pk, *persona.all_names) for persona in met], name)
        scope = scope.filter(persona__in=found)
        if not found:
            said = _("You have no conversation with a persona “%(name)s”.")
            problems.append(said % {"name": name})
    for name in query.folders:
        folders = Folder.objects.editable_by(user)
        found = _named(folders.values_list("pk", "name"), name)
        scope = scope.filter(folder__in=found)
        if not found:
            problems.append(_("You have no folder “%(name)s”.") % {"name": name})
    for column, is_so in (
        ("pinned_at", query.is_pinned),
        ("archived_at", query.is_archived),
    ):
        if is_so is not None:
            scope = scope.filter(_arranged(user, {f"{column}__isnull": not is_so}))
    return scope, problems


def _arranged(user, condition):
    """What `user` has so, of their own or, each for themselves, of others."""
    others = list(_joined(user.pk).filter(**condition))
    mine = Q(owner=user, **condition)
    return mine | Q(pk__in=others) if others else mine


def _named(rows, name):
    """Return the keys of the rows that have `name` in one of their names."""
    wanted = fold(name)
    return [pk for pk, *names in rows if any(wanted in fold(one) for one in names)]


def _entries(user, query, scope, *, limit, before=None):
    """Ask the index; without words, for the titles if there are operators.

    A `scope` of None is all that is theirs.
    """
    engine = engine_of(connection)
    if query.has_filters and not query.phrases:
        sql, parameters = scope.values("id").query.sql_with_params()
        source, hit_id = engine.titles(sql)
        conditions = []
    else:
        source, parameters, hit_id = engine.hits(query.phrases, user.pk)
        conditions = [_inside(user, scope, is_narrow=query.has_scope)]
    if before is not None:
        conditions.append((f"{hit_id} < %s", [before]))
    conditions += _moments(query, engine, hit_id)
    wheres = "".join(f" AND {sql}" for sql, _values in conditions)
    values = [*chain(*(values for _sql, values in conditions))]
    order = f"ORDER BY {hit_id} DESC LIMIT %s"
    whole, begun = beginnings.split(query.phrases)
    if begun and engine.GATHERS_BEGINNINGS:
        near, given, _hit_id = engine.hits(whole, user.pk)
        statement = f"SELECT {_ENTRY}, {text_of('hit')} FROM {near}{wheres} {order}"
        with connection.cursor() as cursor:
            cursor.execute(statement, [*given, *values, beginnings.NEWEST])
            if found := beginnings.filled(cursor, begun, limit):
                return found
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_ENTRY} FROM {source}{wheres} {order}",
            [*parameters, *values, limit],
        )
        return cursor.fetchall()


def _moments(query, engine, hit_id):
    """Yield conditions: on a range of ids first, by which the index goes."""
    for moment, sign, limit in (
        (query.after, ">=", engine.earliest_id),
        (query.before, "<", engine.latest_id),
    ):
        if moment:
            yield f"{hit_id} {sign} %s", [limit(moment)]
            written = connection.ops.adapt_datetimefield_value(moment)
            yield f"{_CREATED_AT} {sign} %s", [written]


def _inside(user, scope, *, is_narrow):
    """A condition for the conversations of `scope`.

    A narrow one is made out once. Otherwise nearly every hit is inside, the newest are
    enough, and each is looked at alone.
    """
    if is_narrow:
        sql, values = scope.values("pk").query.sql_with_params()
        return f"hit.conversation_id IN ({sql})", values
    sql, values = _each_of_mine(connection.vendor)
    values = [user.pk if isinstance(value, Slot) else value for value in values]
    return f"EXISTS ({sql})", values


@cache
def _each_of_mine(vendor):
    """Return SQL of the conversation of a hit, and its values."""
    mine = Conversation.objects.visible_to(Slot("user_id")).filter(expires_at=None)
    this = mine.filter(pk=RawSQL("hit.conversation_id", ()))
    return this.values("pk").query.sql_with_params()
