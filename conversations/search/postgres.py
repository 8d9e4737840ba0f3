"""The index in PostgreSQL: a tsvector of the same words with a GIN index, and triggers.

The words are made in SQL, as words.py makes them. The first 16,000 of a text are kept:
a tsvector has no places for more.
"""

from .texts import (
    ENTRY,
    PARTICIPANT,
    all_gone,
    gone,
    message_texts,
    moved,
    stale,
    title_gone,
    title_texts,
)
from .words import DOUBLE, LONGEST, MARK, PLAIN, RUN, SEPARATOR

_GATHER = "string_agg"
GATHERS_BEGINNINGS = False
FORGETS_STALE = True
NUMBERS = 1 << 31  # of one second
LONGEST_WORD, MOST_WORDS = 64, 16_000

_TABLES = (
    f"CREATE SEQUENCE {ENTRY}_number",
    f"""CREATE TABLE {ENTRY} (
        id bigint PRIMARY KEY, conversation_id uuid NOT NULL,
        message_id bigint UNIQUE, words tsvector NOT NULL)""",
    f"""CREATE UNIQUE INDEX {ENTRY}_title ON {ENTRY} (conversation_id)
        WHERE message_id IS NULL""",
    f"CREATE INDEX {ENTRY}_words ON {ENTRY} USING gin (words)",
)


def create(connection):
    with connection.cursor() as cursor:
        for statement in _TABLES:
            cursor.execute(statement)


def drop(connection):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {ENTRY}")
        cursor.execute(f"DROP SEQUENCE IF EXISTS {ENTRY}_number")
        for name in ("vector(bigint, text)", "vector(text, text)", "words(text)"):
            cursor.execute(f"DROP FUNCTION IF EXISTS search_{name}")


def prepare(connection):
    """Nothing is needed: the functions are in the database."""


def attach(connection):
    """Have every change of a text reach the index in its own transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_words_function(cursor))
        cursor.execute(_VECTOR_FUNCTION)
        for trigger in _triggers():
            _attach(cursor, *trigger)


def _attach(cursor, name, event, table, condition, body):
    when = f"WHEN ({condition})" if condition else ""
    each = "STATEMENT" if event.endswith("TRUNCATE") else "ROW"
    cursor.execute(
        f"""CREATE OR REPLACE FUNCTION search_{name}() RETURNS trigger
        LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$"""
    )
    cursor.execute(f"DROP TRIGGER IF EXISTS search_{name} ON {table}")
    cursor.execute(
        f"""CREATE TRIGGER search_{name} {event} ON {table} FOR EACH {each} {when}
        EXECUTE FUNCTION search_{name}()"""
    )


def purge(connection, *, begins):
    """PostgreSQL's own vacuum takes removed words out."""
    return False


def release(connection):
    """Take the triggers away: a column with them cannot be changed."""
    with connection.cursor() as cursor:
        for name, *_ in _triggers():
            cursor.execute(f"DROP FUNCTION IF EXISTS search_{name}() CASCADE")


def _words_function(cursor):
    """The SQL of words.words, where it can with the rules of all languages for case."""
    cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'")
    collation = 'COLLATE "und-x-icu"' if cursor.fetchone() else ""
    folded = f"""regexp_replace(
        lower(normalize(folded, NFKD) {collation}), '[{MARK}]+', '', 'g')"""
    letters = "".join(PLAIN), "".join(PLAIN.values())
    plain = f"translate(normalize({folded}, NFKC), '{letters[0]}', '{letters[1]}')"
    for letter, two in DOUBLE.items():
        plain = f"replace({plain}, '{letter}', '{two}')"
    return rf"""CREATE OR REPLACE FUNCTION search_words(source text) RETURNS text
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
        DECLARE folded text := left(source, {LONGEST});
        BEGIN
            IF octet_length(folded) = length(folded) THEN
                folded := lower(folded);
            ELSE
                folded := {plain};
                folded := regexp_replace(folded, '([{RUN}]+)', ' \1 ', 'g');
                folded := regexp_replace(folded, '([{RUN}])', '\1 \1', 'g');
            END IF;
            RETURN btrim(regexp_replace(folded, '[{SEPARATOR}]+', ' ', 'g'));
        END $$"""


# What is longer than a tsvector may be would keep a message from being saved: so many
# words of LONGEST characters never are.
_VECTOR_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION search_vector(readers text, source text)
    RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    BEGIN
        RETURN (format('''¤%s''', replace(readers, ' ', ''' '''))
            || coalesce((SELECT string_agg(
                format(' ''%s'':%s', left(word, {LONGEST_WORD}), place), '')
                FROM unnest(string_to_array(search_words(source), ' '))
                    WITH ORDINALITY AS found (word, place)
                WHERE word <> '' AND place <= {MOST_WORDS}), ''))::tsvector;
    END $$"""


def _triggers():
    """Yield `(name, event, table, condition, what is done)` of each trigger."""
    message, conversation = "conversations_message", "conversations_conversation"
    enter = entering(select(message_texts, "m.id = NEW.id"))
    enter_title = entering(select(title_texts, "c.id = NEW.id"))
    enter_all = entering(select(message_texts, "c.id = NEW.id"))
    out, title_out = gone("OLD"), title_gone("OLD")
    changed = f"IF OLD.text <> NEW.text THEN {out}; END IF; {enter}"
    empty = f"TRUNCATE {ENTRY}"
    is_new, is_renamed = "NEW.text <> ''", "OLD.title <> NEW.title"
    of_text, of_title = "AFTER UPDATE OF text", "AFTER UPDATE OF title"
    of_others = "AFTER UPDATE OF owner_id, expires_at"
    has_moved = moved("OLD", "NEW")
    return (
        ("message_added", "AFTER INSERT", message, is_new, enter),
        ("message_changed", of_text, message, "", changed),
        ("message_removed", "AFTER DELETE", message, "", out),
        ("messages_emptied", "AFTER TRUNCATE", message, "", empty),
        ("title_added", "AFTER INSERT", conversation, "", enter_title),
        (
            "title_changed",
            of_title,
            conversation,
            is_renamed,
            f"{title_out}; {enter_title}",
        ),
        (
            "conversation_moved",
            of_others,
            conversation,
            has_moved,
            f"{all_gone('OLD')}; {enter_title}; {enter_all}",
        ),
        ("title_removed", "AFTER DELETE", conversation, "", title_out),
        *_of_participants(),
    )


def _of_participants():
    """Who comes finds what is there; who goes does not any more."""
    for name, event, row, condition in (
        ("joining", "INSERT", "NEW", "NEW.joined_at IS NOT NULL"),
        (
            "answering",
            "UPDATE OF joined_at",
            "NEW",
            "OLD.joined_at IS DISTINCT FROM NEW.joined_at",
        ),
        ("leaving", "DELETE", "OLD", "OLD.joined_at IS NOT NULL"),
    ):
        here = f"c.id = {row}.conversation_id"
        texts = (select(each, here) for each in (title_texts, message_texts))
        body = "; ".join([all_gone(row, "conversation_id"), *map(entering, texts)])
        yield f"participant_{name}", f"AFTER {event}", PARTICIPANT, condition, body


def select(texts, which):
    """Return SQL of those `texts`, messages or titles, that meet a condition."""
    return texts(which, place, _GATHER)


def entering(texts):
    """Return SQL that enters `texts`."""
    return f"""INSERT INTO {ENTRY} (id, conversation_id, message_id, words)
        SELECT place + mod(nextval('{ENTRY}_number'), {NUMBERS}),
            conversation_id, message_id, search_vector(readers, text)
        FROM ({texts}) texts"""


def place(row):
    """SQL of the least id of the second in which a row was made."""
    return f"floor(extract(epoch FROM {row}.created_at))::bigint * {NUMBERS}"


def earliest_id(moment):
    """Return an id that no text of that moment or later is under."""
    return int(moment.timestamp() // 1) * NUMBERS


def latest_id(moment):
    """Return an id that all texts of before that moment are under."""
    return int(moment.timestamp() // 1 + 1) * NUMBERS


def hits(phrases, user_id):
    """Return SQL of the entries `hit`, its parameters, and SQL of their ids."""
    asked = [f"'¤{user_id}'", *(" <-> ".join(_lexemes(phrase)) for phrase in phrases)]
    # In the order of the ids, the planner would read all that everybody ever wrote.
    return (
        f"""(SELECT id, conversation_id, message_id FROM {ENTRY}
            WHERE words @@ %s::tsquery OFFSET 0) hit WHERE true""",
        [" & ".join(f"({one})" for one in asked)],
        "hit.id",
    )


def titles(conversations):
    """Return SQL of the titles of `conversations`, SQL too, and SQL of their ids."""
    return (
        f"""({conversations}) mine JOIN {ENTRY} hit ON hit.conversation_id = mine.id
        WHERE hit.message_id IS NULL""",
        "hit.id",
    )


def _lexemes(phrase):
    words = [f"'{token[:LONGEST_WORD]}'" for token in phrase.tokens]
    if phrase.is_beginning:
        words[-1] += ":*"
    return words


def clear(connection):
    """Empty the index. Call it without the triggers."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {ENTRY}")


def stale_entries(which):
    """Return SQL of the ids of those that are stale and meet a condition on `e`."""
    return stale(which, "words <> search_vector(readers, text)", _GATHER)


LOST = "SELECT 0"  # there is one part only
