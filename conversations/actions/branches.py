from django.db import transaction

from conversations.models import Conversation, Message
from conversations.tree import Tree


@transaction.atomic
def select_branch(*, message):
    """Show the branch through `message`, down to its newest end; return its head."""
    # Locked: what is being posted must not be left out of sight.
    conversation = Conversation.objects.select_for_update().get(
        pk=message.conversation_id
    )
    messages = Message.objects.filter(conversation=conversation).order_by("pk")
    tree = Tree(messages.values_list("pk", "parent_id"))
    conversation.head_id = tree.newest_leaf(message.pk)
    conversation.save(update_fields=["head"])
    return conversation.head_id
