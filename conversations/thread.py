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
    older = shown[0] if len(branch) > len(shown) else None
    return ThreadPage(_shown(conversation, tree, shown), older)


@dataclass(frozen=True, slots=True)
class Missed:
    """What a page misses that shows a branch down to some message.

    `messages` go there, or where `is_other` take the place of what follows `after_id`.
    `elsewhere` begins the branch selected, where the page shows another.
    """

    messages: list
    is_other: bool = False
    after_id: int | None = None
    elsewhere: Message | None = None


def missed_after(conversation, seen_id):
    """Return what a page misses whose last message is `seen_id`; None for all of it.

    A page keeps its branch, unless all that it lacks is the newer version of its last
    reply.
    """
    if seen_id is None:
        return Missed(thread_page(conversation).messages)
    tree = _tree(conversation)
    selected, seen = tree.branch(conversation.head_id), tree.branch(seen_id)
    if not seen:
        return Missed(thread_page(conversation).messages, is_other=True)
    shared = sum(a == b for a, b in zip(selected, seen, strict=False))
    others = _shown(conversation, tree, selected[shared:])
    if shared == len(seen):
        return Missed(others)
    leaf = tree.newest_leaf(seen_id)
    is_last = leaf == seen_id and shared == len(seen) - 1
    if is_last and others and others[0].is_reply:
        return Missed(others, is_other=True, after_id=others[0].parent_id)
    own = _shown(conversation, tree, tree.branch(leaf)[len(seen) :])
    return Missed(own, elsewhere=others[0] if others else None)


def _shown(conversation, tree, pks):
    messages = Message.objects.for_display().filter(pk__in=pks)
    return _prepared(conversation, tree, messages)


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
