"""What the database of a fuzzed site is asked."""

from django.test import Client

from conversations.models import Conversation, Persona, User
from tests.base import add_turn, make_conversation

NAME = "root"


def begin():
    """Add an administrator with a conversation; return the ids of both."""
    user = User.objects.create_superuser(NAME, "root@example.org")
    return user.pk, _converse(user)


def sign_in_again(pk, conversation):
    """Make them an administrator still, and return the key of a new session.

    Some form may have removed them, and their conversation with them.
    """
    rights = {"is_active": True, "is_staff": True, "is_superuser": True}
    user, _ = User.objects.update_or_create(
        pk=pk, defaults={"username": NAME, "email": "root@example.org", **rights}
    )
    if not Conversation.objects.filter(pk=conversation, owner=user).exists():
        _converse(user, pk=conversation)
    client = Client()
    client.force_login(user)
    return client.session.session_key


def _converse(user, **fields):
    """Add a conversation of theirs; return its id."""
    persona = Persona.objects.select_related("version").earliest("pk")
    conversation = make_conversation(user, persona, **fields)
    for number in range(3):
        add_turn(conversation, f"Question {number}", f"Answer {number}")
    return str(conversation.pk)
