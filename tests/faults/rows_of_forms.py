"""What the database of a fuzzed site is asked."""

from django.test import Client

from conversations.models import Persona, User
from tests.base import add_turn, make_conversation

NAME = "root"


def begin():
    """Add an administrator with a conversation; return the ids of both."""
    user = User.objects.create_superuser(NAME, "root@example.org")
    persona = Persona.objects.select_related("version").earliest("pk")
    conversation = make_conversation(user, persona)
    for number in range(3):
        add_turn(conversation, f"Question {number}", f"Answer {number}")
    return user.pk, str(conversation.pk)


def sign_in_again(pk):
    """Make them an administrator still, and return the key of a new session."""
    User.objects.filter(pk=pk).update(
        username=NAME, is_active=True, is_staff=True, is_superuser=True
    )
    client = Client()
    client.force_login(User.objects.get(pk=pk))
    return client.session.session_key
