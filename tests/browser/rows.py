"""What `Database` can be asked to do: plain values in, plain values out."""

import itertools
import threading
import time
from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.utils import timezone

from conversations.actions.shares import create_share
from conversations.models import (
    Conversation,
    Feedback,
    Folder,
    Generation,
    IdentityProvider,
    Invitation,
    Message,
    Notice,
    Persona,
    Snippet,
    UnsentText,
    User,
)
from tests import base
from tests.patience import PATIENCE_SECONDS

POLL_SECONDS = 0.05
numbers = itertools.count(1)
_never = threading.Event()


def add_user(name, **fields):
    """Add somebody; return their user name, which nobody else has.

    They have no password unless told: making one takes its time.
    """
    username = f"{name}{next(numbers)}"
    User.objects.create_user(username, f"{username}@example.org", **fields)
    return username


def add_invitation(group):
    """Invite one person to a new group; return its path, its code and its group."""
    group = Group.objects.create(name=f"{group} {next(numbers)}")
    invitation = Invitation.objects.create(group=group)
    return invitation.get_absolute_url(), invitation.spoken_code, group.name


def add_notice(username, text):
    """Have the site tell that person something, and nobody else."""
    group = Group.objects.create(name=f"Readers {next(numbers)}")
    group.user_set.add(User.objects.get(username=username))
    notice = Notice.objects.create(text=text, audience=Notice.Audience.GROUPS)
    notice.groups.add(group)


def groups_of(username):
    user = User.objects.get(username=username)
    return list(user.groups.values_list("name", flat=True))


def add_identity_provider(*, client_secret, **fields):
    provider = IdentityProvider(**fields)
    provider.set_client_secret(client_secret)
    provider.save()
    return provider.pk


def remove_identity_provider(pk):
    IdentityProvider.objects.get(pk=pk).delete()


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


def add_snippet(owner, name, text):
    """Add a prompt of that user's; of the site's, when `owner` is None."""
    user = owner and User.objects.get(username=owner)
    Snippet.objects.create(owner=user, name=name, text=text)


def unsent_texts(owner):
    """Return what `owner` has typed and not sent, by conversation id."""
    rows = UnsentText.objects.filter(user__username=owner)
    return {str(pk): text for pk, text in rows.values_list("conversation_id", "text")}


def wait_until_unsent(owner, texts, patience_seconds=PATIENCE_SECONDS / 2):
    """Wait until what `owner` has typed and not sent is `texts`; return what it is."""
    end = time.monotonic() + patience_seconds
    while unsent_texts(owner) != texts and time.monotonic() < end:
        _never.wait(POLL_SECONDS)
    return unsent_texts(owner)


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


def add_folder(owner, name, **fields):
    """Make a folder, the last one; return its id."""
    user = User.objects.get(username=owner)
    fields = {"position": user.folders.count()} | fields
    return Folder.objects.create(owner=user, name=name, **fields).pk


def folders_of(owner):
    """Return `(name, titles in it)` of each folder, in their order."""
    rows = Folder.objects.filter(owner__username=owner).order_by("position", "name")
    return [(f.name, [c.title for c in f.conversations.listed()]) for f in rows]


def change_conversation(conversation, **fields):
    Conversation.objects.filter(pk=conversation).update(**fields)


def move_all(owner, folder):
    Conversation.objects.filter(owner__username=owner).update(folder=folder)


def conversation_of(conversation):
    """Return the values of its row by name; None when it is gone."""
    return Conversation.objects.filter(pk=conversation).values().first()


def texts(conversation):
    """Return `(role, text)` of every message, oldest first."""
    rows = Message.objects.filter(conversation=conversation).order_by("pk")
    return list(rows.values_list("role", "text"))


def states(conversation):
    """Return the states of the replies, oldest first."""
    rows = Generation.objects.filter(message__conversation=conversation)
    return list(rows.order_by("message").values_list("state", flat=True))


def feedback_on(conversation):
    """Return `(verdict, note)` of each, oldest first."""
    rows = Feedback.objects.filter(reply__conversation=conversation).order_by("pk")
    return list(rows.values_list("verdict", "note"))


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


def share(conversation, audience="anyone", **fields):
    """Have the owner share a conversation; return the path of the link."""
    shared = Conversation.objects.select_related("owner").get(pk=conversation)
    made = create_share(
        user=shared.owner, conversation=shared, audience=audience, **fields
    )
    return made.get_absolute_url()
