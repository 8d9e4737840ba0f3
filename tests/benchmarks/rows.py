"""Rows for the benchmarks, made with the site's own models in its own database."""

import functools
import json
import sys
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone

from conversations import rendering
from conversations.models import (
    Conversation,
    Folder,
    Generation,
    Message,
    Persona,
    User,
)

from .large import TEXTS
from .library import CHINESE, RARE, Library
from .upstream import SECTION


def answer(function, **options):
    """Print what that function of this module returns, as JSON in one line."""
    sys.stdout.write(f"{json.dumps(globals()[function](**options))}\n")


def people(count):
    """Make `count` people who are signed in; return their session keys."""
    return [_session(user) for user in _people(count)]


def _people(count):
    made = [User(username=f"person-{number}") for number in range(count)]
    for user in User.objects.bulk_create(made):
        user.set_unusable_password()
        user.save()
    return made


def talks(people, each):
    """Make people who are signed in, with `each` conversations of one turn.

    Return `(session key, conversation id, id of its last message)` for each.
    """
    with transaction.atomic():
        users = _people(people)
        sessions = [_session(user) for user in users]
        return [
            (session, *_talk(user))
            for _ in range(each)
            for user, session in zip(users, sessions, strict=True)
        ]


def _talk(user):
    talk = _conversation(user, turns=1)
    return str(talk.pk), talk.head_id


def _session(user):
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def conversations(count):
    """Give the first person `count` empty conversations, a day's step apart by 20."""
    owner, persona, now = _owner(), _persona(), timezone.now()
    Conversation.objects.bulk_create(
        [
            Conversation(
                owner=owner,
                persona=persona,
                title=f"A talk about number {number}",
                updated_at=now - timedelta(days=number / 20),
            )
            for number in range(count)
        ],
        batch_size=1000,
    )
    return count


def rare_word():
    """Put a message into each of their conversations; return a word that one has."""
    texts = Library()
    Message.objects.bulk_create(
        (
            Message(conversation=talk, role=Message.Role.USER, text=texts.text(True))
            for talk in Conversation.objects.filter(owner=_owner())
        ),
        batch_size=1000,
    )
    return RARE


def library(messages, people):
    """Share so many messages out among so many people.

    Return the session of the first of them, and what they may ask, by its kind.
    """
    texts, owners = Library(), _people(people)
    texts.fill(owners, _persona(), messages)
    phrase = Message.objects.filter(conversation__owner=owners[0]).first().text
    questions = {
        "a rare word": RARE,
        "two words": f"{texts.common} {texts.frequent}",
        "a word in every second text": texts.common,
        "a phrase": f'"{" ".join(phrase.split()[:3])}"',
        "two signs": CHINESE,
        "a pinned conversation": f"{texts.common} pinned:yes",
        "last year": f"{texts.common} before:{timezone.now().year}",
    }
    return _session(owners[0]), questions


def folders(count, each):
    """Give the first person `count` folders with `each` of their conversations."""
    owner = _owner()
    made = Folder.objects.bulk_create(
        Folder(owner=owner, name=f"Folder {number}", position=number)
        for number in range(count)
    )
    pks = list(owner.conversations.listed().values_list("pk", flat=True))
    for number, folder in enumerate(made):
        inside = pks[number * each : (number + 1) * each]
        Conversation.objects.filter(pk__in=inside).update(folder=folder)
    return [folder.pk for folder in made]


def conversation(turns):
    """Give the first person a conversation of so many turns; return its id."""
    return str(_conversation(_owner(), turns).pk)


def _conversation(owner, turns, *, reply=SECTION):
    talk = Conversation.objects.create(
        pk=uuid.uuid4(),
        owner=owner,
        persona=_persona(),
        title=f"A talk of {turns} turns",
        updated_at=timezone.now(),
    )
    for number in range(turns):
        talk.head = _turn(talk, number, reply)
    talk.save()
    return talk


def large(kind):
    """Give the first person a conversation with one reply of that kind; return its id.

    The kinds are those of `large.py`.
    """
    return str(_conversation(_owner(), 1, reply=TEXTS[kind]()).pk)


def _turn(talk, number, text):
    question = f"Question {number}: where does sand go?"
    asked = _message(talk, talk.head, question, is_reply=False)
    reply = _message(talk, asked, text, is_reply=True)
    now = timezone.now()
    Generation.objects.create(
        message=reply,
        persona_version=talk.persona.version,
        state=Generation.State.FINISHED,
        started_at=now,
        ended_at=now,
    )
    return reply


def _message(talk, parent, text, *, is_reply):
    return Message.objects.create(
        conversation=talk,
        parent=parent,
        role=Message.Role.ASSISTANT if is_reply else Message.Role.USER,
        author=None if is_reply else talk.owner,
        text=text,
        html=_html(text),
        renderer_version=rendering.VERSION,
        client_id=None if is_reply else uuid.uuid4(),
    )


@functools.cache
def _html(text):
    return rendering.render(text)


def _owner():
    return User.objects.earliest("pk")


@functools.cache
def _persona():
    return Persona.objects.select_related("version").earliest("pk")
