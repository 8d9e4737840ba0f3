"""Which texts the index has, and who finds them, said once for both kinds of database.

All messages of all branches, and the titles; nothing of temporary conversations. A
reply is indexed when it has ended: what is saved of it before is not.
"""

ENTRY = "conversations_search_entry"
PARTICIPANT = "conversations_participant"


def readers(conversation, gather):
    """SQL of the ids of who finds the texts of that row: its owner, and who takes part.

    `5`, or `5 ¤7 ¤9`: there is a word of each. `gather` is the function that joins.
    """
    return f"""(CAST({conversation}.owner_id AS text) || coalesce((
        SELECT {gather}(word, '') FROM (
            SELECT ' ¤' || CAST(p.user_id AS text) AS word FROM {PARTICIPANT} p
            WHERE p.conversation_id = {conversation}.id AND p.joined_at IS NOT NULL
            ORDER BY p.user_id) others), ''))"""


def text_of(entry):
    """SQL of what the message or the title of that row says now; NULL: it is gone."""
    return f"""CASE WHEN {entry}.message_id IS NULL
        THEN (SELECT title FROM conversations_conversation
            WHERE id = {entry}.conversation_id)
        ELSE (SELECT text FROM conversations_message
            WHERE id = {entry}.message_id) END"""


def message_texts(which, place, gather):
    """Return SQL of the messages `m` of conversations `c` that are to be entered.

    `which` is a condition on them; `place(row)` is SQL of where the ids of that moment
    begin; `gather` is as for `readers`.
    """
    return f"""SELECT m.id AS message_id, c.id AS conversation_id,
            {readers("c", gather)} AS readers, m.text AS text, {place("m")} AS place
        FROM conversations_message m
        JOIN conversations_conversation c ON c.id = m.conversation_id
        WHERE {which} AND m.text <> '' AND c.expires_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM conversations_generation g
            WHERE g.message_id = m.id AND g.state IN ('queued', 'running'))
        AND NOT EXISTS (SELECT 1 FROM {ENTRY} e WHERE e.message_id = m.id)"""


def title_texts(which, place, gather):
    """The same of titles, of conversations `c`."""
    return f"""SELECT CAST(NULL AS bigint) AS message_id, c.id AS conversation_id,
            {readers("c", gather)} AS readers, c.title AS text, {place("c")} AS place
        FROM conversations_conversation c
        WHERE {which} AND c.title <> '' AND c.expires_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM {ENTRY} e
            WHERE e.conversation_id = c.id AND e.message_id IS NULL)"""


def stale(which, differs, gather):
    """Return SQL of the ids of entries of what is gone, or was another text.

    `which` is a condition on an entry `e`; `differs` on what is known of it, with the
    `readers` and the `text` it should have.
    """
    return f"""SELECT id FROM (SELECT e.*, c.id AS conversation,
            {readers("c", gather)} AS readers, c.expires_at, m.id AS message,
            CASE WHEN e.message_id IS NULL THEN c.title ELSE m.text END AS text
        FROM {ENTRY} e
        LEFT JOIN conversations_conversation c ON c.id = e.conversation_id
        LEFT JOIN conversations_message m ON m.id = e.message_id
        WHERE {which}) entry
        WHERE conversation IS NULL OR expires_at IS NOT NULL
        OR (message_id IS NOT NULL AND message IS NULL) OR {differs}"""


def gone(row):
    """Return SQL that takes a message's entry out."""
    return f"DELETE FROM {ENTRY} WHERE message_id = {row}.id"


def title_gone(row, key="id"):
    return f"""DELETE FROM {ENTRY}
        WHERE conversation_id = {row}.{key} AND message_id IS NULL"""


def all_gone(row, key="id"):
    """Return SQL that takes out a conversation's title and messages.

    `key` is the column of the row that names the conversation.
    """
    return f"""DELETE FROM {ENTRY} WHERE message_id IN
        (SELECT id FROM conversations_message WHERE conversation_id = {row}.{key});
        {title_gone(row, key)}"""


def moved(old, new):
    """Whether a conversation has another owner, or became or ceased to be temporary."""
    return f"""{old}.owner_id <> {new}.owner_id
        OR ({old}.expires_at IS NULL) <> ({new}.expires_at IS NULL)"""
