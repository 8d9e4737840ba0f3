"""The messages of a conversation, all or one branch, loaded as they are written out."""

from collections import Counter
from dataclasses import dataclass

from conversations import rendering
from conversations.models import Feedback, Message
from conversations.models.messages import outline_of
from conversations.tree import Tree

# Loaded at once: 5,000 messages need not be in memory together.
CHUNK = 200
ALL, SHOWN = "all", "shown"
# What only a page shows.
_HTML = ("html", "reasoning_html")
# Long, and of no use in a file.
_UNUSED = ("generation__persona_version__instructions",)


@dataclass(frozen=True, slots=True)
class Extract:
    """Which messages of `conversation` are written out.

    `branches` is ALL or SHOWN, the one down to `leaf_id`; unless told, to the head.
    """

    conversation: object
    branches: str = SHOWN
    leaf_id: int | None = None
    # Its messages by their keys, where they are in memory already: see `load_small`.
    loaded: dict | None = None

    def in_order(self):
        """Yield the messages by their keys, as a program reads them; without HTML."""
        rows = self._outline()
        if self.branches == ALL:
            keys = [pk for pk, *_ in rows]
        else:
            keys = self._shown_keys(Tree((pk, parent) for pk, parent, *_ in rows))
        return self._load(keys, *_HTML, with_feedback=True)

    def as_read(self, *, with_html=False):
        """Yield the messages as a person reads them, each with its `siblings`.

        Of all branches, what follows a version comes before the next version.
        """
        rows = self._outline()
        tree = Tree((pk, parent) for pk, parent, *_ in rows)
        walk = _walk(rows) if self.branches == ALL else self._shown_keys(tree)
        for message in self._load(walk, *(() if with_html else _HTML)):
            message.siblings = tree.siblings(message.pk)
            if with_html:
                _complete(message)
            yield message

    def _outline(self):
        if self.loaded is None:
            return outline_of(self.conversation.pk)
        return [(pk, message.parent_id) for pk, message in self.loaded.items()]

    def _shown_keys(self, tree):
        leaf = self.conversation.head_id
        if self.leaf_id and tree.branch(self.leaf_id):
            leaf = tree.newest_leaf(self.leaf_id)
        return tree.branch(leaf)

    def _load(self, keys, *deferred, with_feedback=False):
        if self.loaded is not None:
            yield from (self.loaded[pk] for pk in keys)
            return
        for start in range(0, len(keys), CHUNK):
            chunk = keys[start : start + CHUNK]
            rows = Message.objects.for_display().defer(*deferred, *_UNUSED)
            found = {m.pk: m for m in rows.filter(pk__in=chunk)}
            if with_feedback:
                _add_feedback(found, self.conversation.reader_id)
            for pk in chunk:
                if pk in found:  # it may have been erased in the meantime
                    yield found[pk]


def load_small(conversation_ids, owner_id):
    """Yield `(id, messages by key)` of each; None for those with many messages.

    All are that owner's. One query loads several conversations: most of what a small
    one costs is asking.
    """
    rows = Message.objects.filter(conversation__in=conversation_ids)
    counts = Counter(rows.values_list("conversation", flat=True))
    group, size = [], 0
    for pk in conversation_ids:
        if size + counts[pk] > CHUNK:
            yield from _load_group(group, owner_id)
            group, size = [], 0
        if counts[pk] > CHUNK:
            yield pk, None
        else:
            group.append(pk)
            size += counts[pk]
    yield from _load_group(group, owner_id)


def _load_group(conversation_ids, owner_id):
    found = {pk: {} for pk in conversation_ids}
    rows = Message.objects.for_display().defer(*_UNUSED)
    for message in rows.filter(conversation__in=conversation_ids):
        found[message.conversation_id][message.pk] = message
    _add_feedback({pk: m for own in found.values() for pk, m in own.items()}, owner_id)
    yield from found.items()


def _add_feedback(messages, user_id):
    """Say what that person thought of those of `messages` that are replies."""
    given = Feedback.objects.filter(reply__in=messages, user=user_id)
    for feedback in given:
        messages[feedback.reply_id].feedback_given = feedback


def _walk(rows):
    """Return the keys of an outline, each version followed by all that it led to."""
    children = {}
    for pk, parent, *_ in rows:
        children.setdefault(parent, []).append(pk)
    found, waiting = [], children.get(None, [])[::-1]
    while waiting:
        pk = waiting.pop()
        found.append(pk)
        waiting += reversed(children.get(pk, []))
    return found


def _complete(message):
    """Give a reply that is being written the HTML of its text so far."""
    if message.text and not message.html:
        prefix = f"{message.dom_id}-"
        message.html = rendering.render(
            message.text, prefix=prefix, line_breaks=not message.is_reply
        )
