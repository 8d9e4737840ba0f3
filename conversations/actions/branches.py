from django.db import transaction

from conversations import events
from conversations.models import Conversation, Message
from conversations.tree import Tree


@transaction.atomic
def select_branch(*, message):
    """Show the branch through `message`, down to where it was left; return its head."""
    # Locked: what is being posted must not be left out of sight.
    conversation = Conversation.objects.select_for_update().get(
        pk=message.conversation_id
    )
    messages = Message.objects.filter(conversation=conversation).order_by("pk")
    tree = Tree(messages.values_list("pk", "parent_id"))
    note_leaf(conversation, tree, message.pk)
    conversation.head_id = tree.leaf_through(
        message.pk, head=conversation.head_id, leaves=conversation.leaves
    )
    conversation.save(update_fields=["head", "leaves"])
    events.publish_on_commit(
        events.conversation_group(conversation.pk),
        events.BRANCH_SELECTED,
        message=message.pk,
        versions=tree.versions(message.pk),
    )
    return conversation.head_id


def note_leaf(conversation, tree, pk):
    """Remember where the version is left that is shown of the turn of `pk`.

    The caller saves `conversation.leaves`.
    """
    shown = tree.version_on(conversation.head_id, pk)
    if shown is not None:
        conversation.leaves[str(shown)] = conversation.head_id


def leave_version(conversation, message):
    """The same, for whoever adds a version beside `message`, and saves nothing else."""
    rows = Message.objects.filter(conversation=conversation).order_by("pk")
    note_leaf(conversation, Tree(rows.values_list("pk", "parent_id")), message.pk)
    conversation.save(update_fields=["leaves"])
