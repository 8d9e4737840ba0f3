"""The index in SQLite: FTS5 without a copy of the texts, and triggers that fill it.

A row of `conversations_search_entry` is a text that is indexed: entering it or removing
it does the same in `conversations_search`. Its id is the hour the text is of, then a
number, so that the newest come first and a time is a range of ids. `¤5` among a text's
words says that user 5 may find it; no text has such a word.

Without `contentless_delete` (SQLite before 3.43) FTS5 must be told the words it is to
forget: triggers remove an entry while its text is still the one that was indexed.
"""

import sqlite3
from hashlib import blake2b

from .texts import (
    ENTRY,
    PARTICIPANT,
    all_gone,
    gone,
    message_texts,
    moved,
    readers,
    stale,
    text_of,
    title_gone,
    title_texts,
)
from .words import words

GATHERS_BEGINNINGS = True  # all of them, before it gives the first
FORGETS_STALE = False  # FTS5 would be told other words than those it has
TABLE = "conversations_search"
NUMBERS = 1 << 22  # of one hour
PURGED_PAGES = 200  # at once: others wait to write meanwhile
_SECONDS = 3600  # of an hour
_GATHER = "group_concat"
_EPOCH = 2440587.5  # the day 1970 began, as SQLite counts
_CONVERSATION, _MESSAGE = "conversations_conversation", "conversations_message"
_CAN_FORGET = sqlite3.sqlite_version_info >= (3, 43)
_TABLES = (
    f"""CREATE TABLE {ENTRY} (
        id integer PRIMARY KEY, conversation_id char(32) NOT NULL,
        message_id bigint UNIQUE, digest bigint NOT NULL)""",
    f"""CREATE UNIQUE INDEX {ENTRY}_title ON {ENTRY} (conversation_id)
        WHERE message_id IS NULL""",
    f"""CREATE VIRTUAL TABLE {TABLE} USING fts5(words, content='', tokenize='ascii'
        {", contentless_delete=1" if _CAN_FORGET else ""})""",
)


def create(connection):
    with connection.cursor() as cursor:
        for statement in _TABLES:
            cursor.execute(statement)


def drop(connection):
    with connection.cursor() as cursor:
        for table in (TABLE, ENTRY):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")


def prepare(connection):
    """Give a new connection the functions that the triggers call."""
    make = connection.connection.create_function
    make("search_words", 2, entry_words, deterministic=True)
    make("search_digest", 2, digest, deterministic=True)


def entry_words(readers, text):
    """Return the words of a text, and who finds it."""
    return f"¤{readers} {words(text or '')}"


def digest(readers, text):
    """Return what tells, in 64 bits, whether an entry is of this text."""
    made = blake2b(f"{readers} {text}".encode(errors="replace"), digest_size=8)
    return int.from_bytes(made.digest(), signed=True)


def attach(connection):
    """Have every change of a text reach the index in its own transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [TABLE])
        can_forget = "contentless_delete" in cursor.fetchone()[0]
        for name, (event, body) in _triggers(can_forget).items():
            cursor.execute(f"DROP TRIGGER IF EXISTS search_{name}")
            cursor.execute(f"CREATE TRIGGER search_{name} {event} BEGIN {body}; END")


def purge(connection, *, begins):
    """Do some of what takes removed words out of the file; whether there is more.

    What an entry had stays in its segment until that is merged with the others. Only
    what `begins` takes all there are: others are made while one goes on.
    """
    with connection.cursor() as cursor:
        before = _changes(cursor)
        statement = f"INSERT INTO {TABLE} ({TABLE}, rank) VALUES ('merge', %s)"
        cursor.execute(statement, [-PURGED_PAGES if begins else PURGED_PAGES])
        return _changes(cursor) - before > 1  # one is that of the statement


def _changes(cursor):
    return cursor.execute("SELECT total_changes()").fetchone()[0]


def release(connection):
    """Take the triggers away: a table with them cannot be changed."""
    with connection.cursor() as cursor:
        for name in _triggers(can_forget=True):
            cursor.execute(f"DROP TRIGGER IF EXISTS search_{name}")


def _triggers(can_forget):
    """Return `{name: (event, what is done)}`."""
    return {
        **_of_entries(can_forget),
        **_of_messages(),
        **_of_conversations(),
        **_of_participants(),
    }


def _of_entries(can_forget):
    forget = f"DELETE FROM {TABLE} WHERE rowid = old.id"
    tell = f"""INSERT INTO {TABLE} ({TABLE}, rowid, words)
        VALUES ('delete', old.id, {_words("old")})"""
    enter = f"INSERT INTO {TABLE} (rowid, words) VALUES (new.id, {_words('new')})"
    return {
        "entry_added": (f"AFTER INSERT ON {ENTRY}", enter),
        "entry_removed": (
            f"BEFORE DELETE ON {ENTRY}",
            forget if can_forget else tell,
        ),
    }


def _of_messages():
    enter = entering(select(message_texts, "m.id = new.id"))
    return {
        "message_added": (f"AFTER INSERT ON {_MESSAGE} WHEN new.text <> ''", enter),
        "message_changing": (
            f"BEFORE UPDATE OF text ON {_MESSAGE} WHEN old.text <> new.text",
            gone("old"),
        ),
        "message_changed": (
            f"AFTER UPDATE OF text ON {_MESSAGE} WHEN new.text <> ''",
            enter,
        ),
        "message_removed": (f"BEFORE DELETE ON {_MESSAGE}", gone("old")),
    }


def _of_conversations():
    enter = entering(select(title_texts, "c.id = new.id"))
    enter_all = entering(select(message_texts, "c.id = new.id"))
    columns, when = "owner_id, expires_at", f"WHEN {moved('old', 'new')}"
    return {
        "title_added": (f"AFTER INSERT ON {_CONVERSATION}", enter),
        "title_changing": (
            f"BEFORE UPDATE OF title ON {_CONVERSATION} WHEN old.title <> new.title",
            title_gone("old"),
        ),
        "conversation_moving": (
            f"BEFORE UPDATE OF {columns} ON {_CONVERSATION} {when}",
            all_gone("old"),
        ),
        "conversation_moved": (
            f"AFTER UPDATE OF {columns} ON {_CONVERSATION} {when}",
            enter_all,
        ),
        "title_changed": (
            f"AFTER UPDATE OF title, {columns} ON {_CONVERSATION}",
            enter,
        ),
        "conversation_removed": (f"BEFORE DELETE ON {_CONVERSATION}", all_gone("old")),
    }


def _of_participants():
    """Who comes finds what is there; who goes does not any more."""
    triggers = {}
    for name, event, row, condition in (
        ("joining", "INSERT", "new", "new.joined_at IS NOT NULL"),
        (
            "answering",
            "UPDATE OF joined_at",
            "new",
            "old.joined_at IS NOT new.joined_at",
        ),
        ("leaving", "DELETE", "old", "old.joined_at IS NOT NULL"),
    ):
        here = f"c.id = {row}.conversation_id"
        texts = (select(each, here) for each in (title_texts, message_texts))
        on = f"{event} ON {PARTICIPANT} WHEN {condition}"
        out = all_gone(row, "conversation_id")
        triggers[f"participant_{name}"] = f"BEFORE {on}", out
        enter = "; ".join(map(entering, texts))
        triggers[f"participant_{name}_done"] = f"AFTER {on}", enter
    return triggers


def _words(row):
    """SQL of the words of an entry, of what its message or conversation says now."""
    return f"""search_words(
        (SELECT {readers("c", _GATHER)} FROM {_CONVERSATION} c
            WHERE id = {row}.conversation_id),
        {text_of(row)})"""


def select(texts, which):
    """Return SQL of those `texts`, messages or titles, that meet a condition."""
    return texts(which, place, _GATHER)


def entering(texts):
    """Return SQL that enters `texts`, in the order in which FTS5 is quickest."""
    latest = f"SELECT max(id) FROM {ENTRY} WHERE id >= place AND id < place + {NUMBERS}"
    return f"""INSERT INTO {ENTRY} (id, conversation_id, message_id, digest)
        SELECT coalesce(({latest}), place) +
            row_number() OVER (PARTITION BY place ORDER BY message_id),
            conversation_id, message_id, search_digest(readers, text)
        FROM ({texts}) ORDER BY 1"""


def place(row):
    """SQL of the least id of the hour in which a row was made."""
    hours = f"(julianday({row}.created_at) - {_EPOCH}) * 24"
    return f"(CAST({hours} AS integer) * {NUMBERS})"


def earliest_id(moment):
    """Return an id that no text of that moment or later is under."""
    return (int(moment.timestamp()) // _SECONDS - 1) * NUMBERS


def latest_id(moment):
    """Return an id that all texts of before that moment are under."""
    return (int(moment.timestamp()) // _SECONDS + 2) * NUMBERS


def hits(phrases, user_id):
    """Return SQL of the entries `hit`, its parameters, and SQL of their ids."""
    asked = (
        f'"{" ".join(phrase.tokens)}"{"*" if phrase.is_beginning else ""}'
        for phrase in phrases
    )
    # CROSS JOIN keeps the order: FTS5 goes first, and from the newest on.
    return (
        f"""{TABLE} CROSS JOIN {ENTRY} hit ON hit.id = {TABLE}.rowid
        WHERE {TABLE} MATCH %s""",
        [" AND ".join([f'"¤{user_id}"', *asked])],
        f"{TABLE}.rowid",
    )


def titles(conversations):
    """Return SQL of the titles of `conversations`, SQL too, and SQL of their ids."""
    return (
        f"""({conversations}) mine
        CROSS JOIN {ENTRY} hit ON hit.conversation_id = mine.id
        WHERE hit.message_id IS NULL""",
        "hit.id",
    )


def clear(connection):
    """Empty the index. Call it without the triggers."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {ENTRY}")
        cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('delete-all')")


def stale_entries(which):
    """Return SQL of the ids of those that are stale and meet a condition on `e`."""
    return stale(which, "digest <> search_digest(readers, text)", _GATHER)


LOST = f"""SELECT
    (SELECT count(*) FROM {ENTRY} WHERE id NOT IN (SELECT id FROM {TABLE}_docsize))
    + (SELECT count(*) FROM {TABLE}_docsize WHERE id NOT IN (SELECT id FROM {ENTRY}))"""
