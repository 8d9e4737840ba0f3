"""A branch of a conversation as it is shown: a page of it, ready for the templates."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings

from conversations.generation import process, recovery
from conversations.models import (
    Conversation,
    Generation,
    Message,
    Persona,
    PersonaVersion,
)
from conversations.models.messages import shape_of
from conversations.models.prepared import Prepared
from conversations.tree import Tree

# A page that begins at a marked message shows so many before it, to read it in place,
# and of a very long branch only so many in all.
BEFORE_MARKED = 6
MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """Messages of a branch, oldest first. `before_id` is where older ones go on.

    `head_id` is the last message of the branch, None of an empty conversation;
    `marked_id` the one its reader came for.
    """

    messages: list
    before_id: int | None
    head_id: int | None = None
    marked_id: int | None = None

    @property
    def is_replying(self):
        return any(m.is_reply and m.generation.is_open for m in self.messages)


def thread_page(conversation, *, before_id=None, marked_id=None):
    """Return the last messages of the branch, or the last before `before_id`.

    With `marked_id` it is the branch of that message, from a little before it on, and
    what the conversation shows else stays as it is. One that is not there is ignored.
    """
    _settle_stale(conversation)
    tree = _tree(conversation)
    head_id, size = conversation.head_id, settings.CHAT_MESSAGES_PER_PAGE
    marked = tree.branch(marked_id)
    if marked:
        leaves = conversation.leaves
        head_id = tree.leaf_through(marked_id, head=head_id, leaves=leaves)
    branch = tree.branch(head_id)
    if before_id is not None:
        branch = tree.branch(before_id)[:-1]
    elif marked:
        size = min(max(size, len(branch) - len(marked) + BEFORE_MARKED), MOST_AT_ONCE)
    shown = branch[-size:]
    older = shown[0] if len(branch) > len(shown) else None
    if before_id is None:
        shown = _with_compared(tree, shown)
    messages = _shown(conversation, tree, shown, head_id=head_id)
    for message in messages:
        message.is_marked = message.pk == marked_id
    return ThreadPage(messages, older, head_id, marked_id if marked else None)


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


def missed_after(conversation, seen_id, *, stays=False):
    """Return what a page misses whose last message is `seen_id`; None for all of it.

    A page keeps its branch, unless all that it lacks is another version of its last
    reply and its reader did not ask for this one: `stays`.
    """
    if seen_id is None:
        return Missed(thread_page(conversation).messages)
    tree = _tree(conversation)
    selected = _with_compared(tree, tree.branch(conversation.head_id))
    seen = _seen(tree, seen_id, selected)
    if not seen:
        return Missed(thread_page(conversation).messages, is_other=True)
    shared = sum(a == b for a, b in zip(selected, seen, strict=False))
    others = _shown(conversation, tree, selected[shared:])
    if shared == len(seen):
        return Missed(others)
    leaf = tree.newest_leaf(seen_id)
    is_last = leaf == seen_id and shared == len(seen) - 1
    if is_last and not stays and others and others[0].is_reply:
        return Missed(others, is_other=True, after_id=others[0].parent_id)
    own = _shown(conversation, tree, tree.branch(leaf)[len(seen) :])
    return Missed(own, elsewhere=others[0] if others else None)


def _seen(tree, seen_id, selected):
    """Return the branch that a page shows, of which `selected` may be two replies."""
    seen = tree.branch(seen_id)
    pair = _compared_with(tree, seen_id)
    if seen_id in pair and seen_id == selected[-1]:
        return seen[:-1] + pair
    return seen[:-1] + pair[:1] if seen_id in pair else seen


def _with_compared(tree, branch):
    """Return `branch` with the two replies at its end that are compared, if it has."""
    pair = _compared_with(tree, branch[-1]) if branch else ()
    return branch[:-1] + pair if pair else branch


def _compared_with(tree, pk):
    """Return the pks of `pk` and of the reply it is compared with; [] without one."""
    if not tree.versions(pk)[1:]:
        return []
    rows = Generation.objects.filter(message__in=tree.versions(pk), is_compared=True)
    found = sorted(rows.values_list("message", flat=True))
    return found if pk in found and len(found) > 1 else []


def _shown(conversation, tree, pks, *, head_id=None):
    messages = _messages(pks, with_authors=conversation.has_people) if pks else []
    _find_writers(conversation, messages)
    return _prepared(conversation, tree, messages, head_id=head_id)


def _messages(pks, *, with_authors):
    """Load those messages; a page of them, as mostly, by a query that is compiled."""
    related = ["author", "generation"] if with_authors else ["generation"]
    count = settings.CHAT_MESSAGES_PER_PAGE + 1  # two replies may end it
    if len(pks) > count:
        return list(_rows(related, pks))
    return _page_of(count, *related)(*pks, *pks[-1:] * (count - len(pks)))


@cache
def _page_of(count, *related):
    return Prepared(lambda *pks: _rows(related, pks), count)


def _rows(related, pks):
    rows = Message.objects.filter(pk__in=pks)
    return rows.select_related(*related).order_by("pk")


def _find_writers(conversation, messages):
    """Give each reply the version of the persona that wrote it: mostly the same."""
    versions = _at_hand(conversation)
    for reply in (message.generation for message in messages if message.is_reply):
        pk = reply.persona_version_id
        if pk not in versions:
            (versions[pk],) = _version(pk)
        reply.persona_version = versions[pk]


def _at_hand(conversation):
    """Return by its pk the version of whom it is with, if that was loaded with it."""
    persona = Conversation.persona.is_cached(conversation) and conversation.persona
    if not (persona and persona.version_id and Persona.version.is_cached(persona)):
        return {}
    persona.version.persona = persona
    return {persona.version_id: persona.version}


@Prepared
def _version(pk):
    return PersonaVersion.objects.select_related("persona").filter(pk=pk)


def show_to(user, conversation_id, pks):
    """Return those messages of the conversation, ready to be shown to `user`.

    Raises Conversation.DoesNotExist when it is not theirs to read, or not there.
    """
    found = [m for pk in pks for m in _find(user.pk, conversation_id, pk)]
    if not found:
        Conversation.objects.visible_to(user).get(pk=conversation_id)
        return []
    return prepare(found[0].conversation.seen_by(user.pk), found)


def _find(user_id, conversation_id, pk):
    """Look in what is theirs first: most conversations are of one person."""
    return _own(user_id, conversation_id, pk) or _others(user_id, conversation_id, pk)


@Prepared
def _own(user_id, conversation_id, pk):
    return _drawn(Message.objects.owned_by(user_id), conversation_id, pk)


@Prepared
def _others(user_id, conversation_id, pk):
    return _drawn(Message.objects.visible_to(user_id), conversation_id, pk)


def _drawn(rows, conversation_id, pk):
    rows = rows.select_related("conversation__persona", "conversation__owner")
    return rows.for_display().filter(conversation=conversation_id, pk=pk)


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
    if conversation.outline is not None:
        return conversation.outline.tree
    return Tree(shape_of(conversation.pk))


def prepare(conversation, messages):
    """Make loaded messages of `conversation` ready to be shown; return them."""
    return _prepared(conversation, _tree(conversation), messages)


def _prepared(conversation, tree, messages, *, head_id=None):
    head_id = head_id or conversation.head_id
    found = list(messages)
    for message in found:
        message.conversation = conversation
        message.siblings = tree.siblings(message.pk)
        message.is_head = message.pk == head_id
        if message.is_reply and message.generation.is_compared:
            pair = _compared_with(tree, message.pk)
            message.compared = pair if head_id in pair else []
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
    if _open_replies(conversation.pk):
        generations = Generation.objects.filter(message__conversation=conversation)
        recovery.settle_stale(generations)


@Prepared
def _open_replies(conversation_id):
    rows = Generation.objects.open().filter(message__conversation=conversation_id)
    return rows.values_list("pk")
