from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conversations import events
from conversations.models import Conversation, Message, Participant
from conversations.models.prepared_writes import PreparedUpdate
from conversations.tree import Tree

from .conversations import lock


@transaction.atomic
def select_branch(*, user, message):
    """Show `user` the branch through `message`, down to where they left it.

    Return its head.
    """
    # Locked: what is being posted must not be left out of sight.
    conversation = lock(user, message.conversation_id)
    tree = _tree_of(conversation)
    note_leaf(conversation, tree, message.pk)
    conversation.head_id = tree.leaf_through(
        message.pk, head=conversation.head_id, leaves=conversation.leaves
    )
    conversation.save(update_fields=["head", "leaves"])
    events.publish_on_commit(
        events.conversation_group(conversation.pk),
        events.BRANCH_SELECTED,
        user=user.pk,
        message=message.pk,
        versions=tree.versions(message.pk),
    )
    return conversation.head_id


def _tree_of(conversation):
    if conversation.outline is not None:
        return conversation.outline.tree
    messages = Message.objects.filter(conversation=conversation).order_by("pk")
    return Tree(messages.values_list("pk", "parent_id"))


def note_leaf(conversation, tree, pk):
    """Remember where the version is left that is shown of the turn of `pk`.

    The caller saves `conversation.leaves`.
    """
    shown = tree.version_on(conversation.head_id, pk)
    if shown is not None:
        conversation.leaves[str(shown)] = conversation.head_id


def leave_version(conversation, message):
    """The same, for whoever adds a version beside `message`, and saves nothing else."""
    note_leaf(conversation, _tree_of(conversation), message.pk)
    conversation.save(update_fields=["leaves"])


def go_on(conversation, question, message):
    """Have the branch end in `message`, which is `question` or a reply to it.

    That is for who sees the conversation so, and for everybody who stood at the end of
    the same branch: they go along. Who looks at another one stays there.
    """
    now = timezone.now()
    conversation.head, conversation.updated_at = message, now
    if not conversation.has_people:
        _change(conversation.pk, head=message.pk, updated_at=now)
        return
    # What one of them writes is news to the others.
    conversation.replied_at = conversation.read_at = now
    bring_along(conversation, question, message)
    conversation.save(update_fields=["head", "updated_at", "replied_at", "read_at"])


@PreparedUpdate
def _change(conversation_id):
    return Conversation.objects.filter(pk=conversation_id)


def bring_along(conversation, question, message):
    """Lead to `message` who stands before `question`, at it or at a reply to it."""
    stand = Q(head=question.pk) | Q(head__parent=question.pk)
    if question.parent_id:
        stand |= Q(head=question.parent_id)
    places = Participant.objects.filter(stand, conversation=conversation)
    if not conversation.is_own:
        places = places.exclude(pk=conversation.participant.pk)
        owners = Conversation.objects.filter(stand, pk=conversation.pk)
        owners.update(head=message)
    places.update(head=message)
