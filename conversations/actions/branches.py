from django.db import transaction

from conversations import events
from conversations.models import Message
from conversations.tree import Tree


@transaction.atomic
def select_branch(*, message):
    """Show the branch through `message`, down to its newest end; return its head."""
    conversation = message.conversation
    messages = Message.objects.filter(conversation=conversation).order_by("pk")
    tree = Tree(messages.values_list("pk", "parent_id"))
    conversation.head_id = tree.newest_leaf(message.pk)
    conversation.save(update_fields=["head"])
    events.publish_on_commit(
        events.conversation_group(conversation.pk),
        events.BRANCH_SELECTED,
        message=message.pk,
    )
    return conversation.head_id
