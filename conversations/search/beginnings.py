"""The beginning of a word in SQLite, as somebody types it: in the newest texts first.

FTS5 gathers every text in which a word begins so before it gives the first of them,
70 ms and more where that is half of a million. What so many texts have stands in enough
of a person's newest ones to fill a page, and those are soon read.
"""

from .texts import ENTRY
from .words import LONGEST, fold, words

NEWEST = 300  # texts that are read, in 3 ms or so

_TEXT = """CASE WHEN hit.message_id IS NULL
    THEN (SELECT title FROM conversations_conversation WHERE id = hit.conversation_id)
    ELSE (SELECT text FROM conversations_message WHERE id = hit.message_id) END"""


def has_beginning(text, beginning):
    """Whether a word of the index begins so in `text`; FTS5 would say the same."""
    if beginning not in fold(text[:LONGEST]):
        return False
    return any(word.startswith(beginning) for word in words(text).split())


def newest(table, match, beginnings, before):
    """Return SQL of the entries `hit` and its parameters.

    They are those among the newest texts that `match`, a query of FTS5, finds which
    have all `beginnings`; under the id `before` unless that is None.
    """
    under = "" if before is None else "AND rowid < %s"
    parameters = [match, match, *([] if before is None else [before])]
    oldest = f"""SELECT min(rowid) FROM (SELECT rowid FROM {table}
        WHERE {table} MATCH %s {under} ORDER BY rowid DESC LIMIT {NEWEST})"""
    have = f" AND search_has_beginning({_TEXT}, %s)" * len(beginnings)
    source = f"""{table} CROSS JOIN {ENTRY} hit ON hit.id = {table}.rowid
        WHERE {table} MATCH %s AND {table}.rowid >= ({oldest}){have}"""
    return source, [*parameters, *beginnings]
