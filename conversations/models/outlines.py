"""The messages of a conversation without their texts, read once for one who adds."""

from conversations.tree import Tree

from .messages import Message, outline_of


class Outline:
    """What is known of the messages of a conversation while nobody else may add any.

    Whoever locks a conversation and asks more than one thing of it hangs it on it, as
    `conversation.outline`, and says what they add.
    """

    def __init__(self, conversation_id):
        self._rows = {pk: row for pk, *row in outline_of(conversation_id)}
        self.tree = Tree((pk, parent) for pk, (parent, *_) in self._rows.items())

    def add(self, message):
        """Know of a message that was just saved."""
        row = [message.parent_id, message.role, len(message.text)]
        self._rows[message.pk] = row
        self.tree.add(message.pk, message.parent_id)

    def role(self, pk):
        """Return the role of that message, None when it is not here."""
        return self._rows[pk][1] if pk in self._rows else None

    def characters(self, pk):
        """Return how long the text of that message was when this was read."""
        return self._rows[pk][2]

    def count_between(self, first_id, last_id):
        """Return how many messages are from the one to the other, both counted."""
        return sum(first_id <= pk <= last_id for pk in self._rows)

    def has_reply(self, pk):
        """Whether a persona has answered that message, or is about to."""
        replies = Message.Role.ASSISTANT
        return any(self.role(child) == replies for child in self.tree.children(pk))
