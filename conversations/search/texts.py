"""Which texts the index has, said once for both kinds of database.

All messages of all branches, and the titles; nothing of temporary conversations. A
reply is indexed when it has ended: what is saved of it before is not.
"""

ENTRY = "conversations_search_entry"


def message_texts(which, place):
    """Return SQL of the messages `m` of conversations `c` that are to be entered.

    `which` is a condition on them; `place(row)` is SQL of where the ids of that moment
    begin.
    """
    return f"""SELECT m.id AS message_id, c.id AS conversation_id, c.owner_id,
            m.text AS text, {place("m")} AS place
        FROM conversations_message m
        JOIN conversations_conversation c ON c.id = m.conversation_id
        WHERE {which} AND m.text <> '' AND c.expires_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM conversations_generation g
            WHERE g.message_id = m.id AND g.state IN ('queued', 'running'))
        AND NOT EXISTS (SELECT 1 FROM {ENTRY} e WHERE e.message_id = m.id)"""


def title_texts(which, place):
    """The same of titles, of conversations `c`."""
    return f"""SELECT CAST(NULL AS bigint) AS message_id, c.id AS conversation_id,
            c.owner_id, c.title AS text, {place("c")} AS place
        FROM conversations_conversation c
        WHERE {which} AND c.title <> '' AND c.expires_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM {ENTRY} e
            WHERE e.conversation_id = c.id AND e.message_id IS NULL)"""


def stale(differs):
    """Return SQL that counts entries of what is gone, or was another text.

    `differs` is a condition on the entry `e`, its conversation `c` and a `text`.
    """
    return f"""SELECT count(*) FROM (SELECT e.*, c.id AS conversation, c.owner_id,
            c.expires_at, m.id AS message,
            CASE WHEN e.message_id IS NULL THEN c.title ELSE m.text END AS text
        FROM {ENTRY} e
        LEFT JOIN conversations_conversation c ON c.id = e.conversation_id
        LEFT JOIN conversations_message m ON m.id = e.message_id) entry
        WHERE conversation IS NULL OR expires_at IS NOT NULL
        OR (message_id IS NOT NULL AND message IS NULL) OR {differs}"""


def gone(row):
    """Return SQL that takes a message's entry out."""
    return f"DELETE FROM {ENTRY} WHERE message_id = {row}.id"


def title_gone(row):
    return f"""DELETE FROM {ENTRY}
        WHERE conversation_id = {row}.id AND message_id IS NULL"""


def all_gone(row):
    """Return SQL that takes out a conversation's title and messages."""
    return f"""DELETE FROM {ENTRY} WHERE message_id IN
        (SELECT id FROM conversations_message WHERE conversation_id = {row}.id);
        {title_gone(row)}"""


def moved(old, new):
    """Whether a conversation has another owner, or became or ceased to be temporary."""
    return f"""{old}.owner_id <> {new}.owner_id
        OR ({old}.expires_at IS NULL) <> ({new}.expires_at IS NULL)"""
