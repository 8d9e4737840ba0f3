"""A small site with something in every corner that a backup may lose."""

from datetime import UTC, datetime

from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from conversations.actions.audit import record_act
from conversations.actions.terms import accept_terms
from conversations.models import (
    Conversation,
    Generation,
    Notice,
    Provider,
    Share,
    SiteSettings,
    Terms,
    User,
)
from tests.base import add_turn, make_conversation, make_persona

PAST = datetime(2024, 2, 29, 23, 59, 59, 123456, UTC)
FAR_AHEAD = 5000  # of where the database would count on by itself
NUMBERS = {"b": 1e5, "a": [1.5, None, 10**15], "é": {"深": True}}


def fill():
    """Make its rows; return the person who owns them."""
    alice = User.objects.create_user("alice", "alice@example.org", "a password")
    alice.groups.add(Group.objects.create(name="Teachers"))
    persona = make_persona("helper", starters=["Hi", "你好"], temperature=0.7)
    persona.avatar_image.save("a.webp", ContentFile(b"image"))
    talk = make_conversation(alice, persona, title="Über 水 🦊")
    add_turn(talk, "What is water?", 'A "drink"\n\twith \\ backslashes')
    add_turn(talk, "And 2?", "cut", state=Generation.State.INTERRUPTED)
    Conversation.objects.update(created_at=PAST)
    provider = Provider(name="Ours", base_url="https://api.example.org/v1")
    provider.set_api_key("a key")
    provider.save()
    Share.objects.create(conversation=talk, author=alice, title="T", content=NUMBERS)
    SiteSettings(site_name="Reading Room").save()
    Notice(pk=FAR_AHEAD, text="Soon.").save()
    terms = Terms(version="1", text="Be kind.")
    terms.save()
    accept_terms(user=alice, terms_id=terms.pk)
    for number in range(3):
        record_act(alice, "persona.changed", persona, {"name": ["A", number]})
    Session(session_key="s", session_data="", expire_date=timezone.now()).save()
    return alice


def stored(name):
    """Return what is in that uploaded file."""
    with default_storage.open(name) as file:
        return file.read()
