"""A branch of a conversation as it is shown: a page of it, ready for the templates."""

from dataclasses import dataclass

from django.conf import settings

from conversations.generation import process, recovery
from conversations.models import Conversation, Generation, Message
from conversations.models.messages import outline_of
from conversations.models.prepared import Prepared
from conversations.tree import Tree


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Messages of a branch, oldest first. `before_id` is where older ones go on."""

    messages: list
    before_id: int | None

    @property
    def is_replying(self):
        return any(m.is_reply and m.generation.is_open for m in self.messages)


def thread_page(conversation, *, before_id=None):
    """Return the last messages of the branch, or the last before `before_id`."""
    _settle_stale(conversation)
    tree = _tree(conversation)
    branch = tree.branch(conversation.head_id)
    if before_id is not None:
        branch = [pk for pk in branch if pk < before_id]
    shown = branch[-settings.CHAT_MESSAGES_PER_PAGE :]
    messages = Message.objects.for_display().filter(pk__in=shown)
    older = shown[0] if len(branch) > len(shown) else None
    return ThreadPage(_prepared(conversation, tree, messages), older)


def messages_after(conversation, seen_id):
    """Return what follows `seen_id` on the branch shown, None if it is not on it.

    `seen_id` None returns the whole page.
    """
    if seen_id is None:
        return thread_page(conversation).messages
    tree = _tree(conversation)
    branch = tree.branch(conversation.head_id)
    if seen_id not in branch:
        return None
    missing = branch[branch.index(seen_id) + 1 :]
    messages = Message.objects.for_display().filter(pk__in=missing)
    return _prepared(conversation, tree, messages)


def last_common(conversation, seen_id):
    """Return the last message of the branch shown on which `seen_id` stands too.

    None when the two have nothing in common.
    """
    tree = _tree(conversation)
    seen = set(tree.branch(seen_id))
    common = [pk for pk in tree.branch(conversation.head_id) if pk in seen]
    return common[-1] if common else None


def show_to(user, conversation_id, pks):
    """Return those messages of the conversation, ready to be shown to `user`.

    Raises Conversation.DoesNotExist when it is not theirs to read, or not there.
    """
    found = [m for pk in pks for m in _visible(user.pk, conversation_id, pk)]
    if not found:
        Conversation.objects.visible_to(user).get(pk=conversation_id)
        return []
    return prepare(found[0].conversation, found)


@Prepared
def _visible(user_id, conversation_id, pk):
    mine = Message.objects.visible_to(user_id).for_display()
    mine = mine.select_related("conversation__persona", "conversation__owner")
    return mine.filter(conversation=conversation_id, pk=pk)


def siblings(message):
    """Return the other versions of the turn of `message`, ready for their counters."""
    if message.siblings is None:
        return []
    conversation = message.conversation
    tree = _tree(conversation)
    same_turn = conversation.messages.filter(parent=message.parent_id)
    others = list(same_turn.exclude(pk=message.pk))
    for other in others:
        other.conversation, other.siblings = conversation, tree.siblings(other.pk)
    return others


def show_messages(conversation, pks):
    """Return those messages of `conversation`, ready to be shown."""
    messages = Message.objects.for_display().filter(
        conversation=conversation, pk__in=pks
    )
    return prepare(conversation, messages)


def _tree(conversation):
    return Tree((pk, parent) for pk, parent, *_ in outline_of(conversation.pk))


def prepare(conversation, messages):
    """Make loaded messages of `conversation` ready to be shown; return them."""
    return _prepared(conversation, _tree(conversation), messages)


def _prepared(conversation, tree, messages):
    found = list(messages)
    for message in found:
        message.conversation = conversation
        message.siblings = tree.siblings(message.pk)
        message.is_head = message.pk == conversation.head_id
        if message.is_reply and message.generation.is_open:
            _fill_in(message)
    return found


def _fill_in(message):
    """Give a reply that is being written the HTML of its text so far."""
    if draft := process.draft(message.pk):
        taken = draft.snapshot()
        message.html = "".join(taken["segments"])
        message.reasoning_html = "".join(taken["reasoning"])
        message.generation.seq = taken["seq"]
    else:
        message.render()


def _settle_stale(conversation):
    recovery.settle_stale(Generation.objects.filter(message__conversation=conversation))
