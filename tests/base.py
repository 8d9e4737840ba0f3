"""People and rows that tests share: alice owns, bob is another, carol a stranger."""

import uuid

from django.test import TestCase
from django.utils import timezone

from conversations.generation.outcome import Outcome
from conversations.generation.settling import settle
from conversations.models import (
    Conversation,
    Generation,
    Message,
    Persona,
    PersonaVersion,
    User,
)

PASSWORD = "correct horse battery"


def make_persona(slug="helper", *, state=Persona.State.PUBLISHED, **content):
    """Return a published Persona whose first version has `content`."""
    persona = Persona.objects.create(slug=slug, name=slug.title(), state=state)
    persona.version = PersonaVersion.objects.create(
        persona=persona, number=1, **content
    )
    persona.save()
    return persona


def make_conversation(owner, persona, **fields):
    fields = {"title": "A talk", "updated_at": timezone.now()} | fields
    return Conversation.objects.create(owner=owner, persona=persona, **fields)


def add_turn(conversation, question, answer, *, state=Generation.State.FINISHED):
    """Add a question and its reply at the head; return `(question, reply)`.

    An `answer` of None leaves the reply waiting to be written.
    """
    asked = Message.objects.create(
        conversation=conversation,
        parent=conversation.head,
        role=Message.Role.USER,
        author=conversation.owner,
        text=question,
        html=f"<p>{question}</p>",
        client_id=uuid.uuid4(),
    )
    reply = Message.objects.create(
        conversation=conversation, parent=asked, role=Message.Role.ASSISTANT
    )
    generation = Generation.objects.create(
        message=reply,
        persona_version=conversation.persona.version,
        started_at=None if answer is None else timezone.now(),
    )
    if answer is not None:
        settle(generation, Outcome(state), text=answer, reasoning="")
        reply.refresh_from_db()
    conversation.head = reply
    conversation.save(update_fields=["head"])
    conversation.refresh_from_db()
    return asked, reply


class ChatTestCase(TestCase):
    """Alice has a conversation with a persona; bob and carol have accounts."""

    @classmethod
    def setUpTestData(cls):
        cls.alice, cls.bob, cls.carol = (
            User.objects.create_user(name, f"{name}@example.org", PASSWORD)
            for name in ("alice", "bob", "carol")
        )
        cls.persona = make_persona(instructions="Be brief.", greeting="Hello.")
        cls.conversation = make_conversation(cls.alice, cls.persona)
        cls.question, cls.reply = add_turn(
            cls.conversation, "What is water?", "A **drink**."
        )
