"""What `Database` can be asked to do: plain values in, plain values out."""

import itertools
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, Generation, Message, Persona, User
from tests import base

numbers = itertools.count(1)


def add_user(name, **fields):
    """Add somebody; return their user name, which nobody else has.

    They have no password unless told: making one takes its time.
    """
    username = f"{name}{next(numbers)}"
    User.objects.create_user(username, f"{username}@example.org", **fields)
    return username


def session_of(username):
    """Sign `username` in; return the key of the session."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client.session.session_key


def add_persona(name, **content):
    """Publish a persona; `content` is its first version. Return its slug."""
    persona = base.make_persona(f"persona-{next(numbers)}", **content)
    Persona.objects.filter(pk=persona.pk).update(name=name, position=99)
    return persona.slug


def change_persona(slug, **fields):
    Persona.objects.filter(slug=slug).update(**fields)


def retire_personas():
    """Retire every persona that is published; return their slugs."""
    published = Persona.objects.filter(state="published")
    slugs = list(published.values_list("slug", flat=True))
    published.update(state="retired")
    return slugs


def add_conversation(owner, *turns, persona="assistant", title="A talk"):
    """Add a conversation of `(question, answer)` turns; return its id."""
    conversation = base.make_conversation(
        User.objects.get(username=owner),
        Persona.objects.select_related("version").get(slug=persona),
        title=title,
    )
    for question, answer in turns:
        base.add_turn(conversation, question, answer)
    Conversation.objects.filter(pk=conversation.pk).update(read_at=timezone.now())
    return str(conversation.pk)


def add_conversations(owner, count, *, every=timedelta(hours=7)):
    """Add `count` empty conversations, each `every` older than the one before."""
    now = timezone.now()
    persona, user = Persona.objects.first(), User.objects.get(username=owner)
    Conversation.objects.bulk_create(
        Conversation(
            owner=user,
            persona=persona,
            title=f"Talk {number}",
            updated_at=now - number * every,
        )
        for number in range(count)
    )


def texts(conversation):
    """Return `(role, text)` of every message, oldest first."""
    rows = Message.objects.filter(conversation=conversation).order_by("pk")
    return list(rows.values_list("role", "text"))


def states(conversation):
    """Return the states of the replies, oldest first."""
    rows = Generation.objects.filter(message__conversation=conversation)
    return list(rows.order_by("message").values_list("state", flat=True))


def conversations_of(owner):
    """Return `(id, title)` of each, newest first."""
    rows = Conversation.objects.filter(owner__username=owner).listed()
    return [(str(pk), title) for pk, title in rows.values_list("pk", "title")]


def stop_saving():
    """Have every message fail to be saved, as on a disk that is full."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE conversations_message RENAME TO kept_elsewhere")


def save_again():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kept_elsewhere RENAME TO conversations_message")


def is_staff(username):
    return User.objects.get(username=username).is_staff


def versions_of(slug):
    """Return the instructions of each version of a persona, oldest first."""
    versions = Persona.objects.get(slug=slug).versions.order_by("number")
    return list(versions.values_list("instructions", flat=True))
