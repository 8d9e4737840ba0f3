"""Into another database and back again, nothing is lost and all goes on."""

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from conversations import backup
from conversations.models import (
    AuditEntry,
    Conversation,
    Message,
    Notice,
    Persona,
    Provider,
    Share,
    User,
)
from conversations.models.audit import first_broken
from conversations.search import index
from tests.base import add_turn

from .site import FAR_AHEAD, NUMBERS, PAST, fill, stored


def test_a_site_moves_to_another_database_and_back(other, tmp_path):
    alice = fill()
    there, back = tmp_path / "there.zip", tmp_path / "back.zip"
    first = backup.write(there)
    assert first["tables"]["conversations.AuditEntry"]["rows"] == 3
    backup.restore(there, using=other)
    assert User.objects.using(other).get().email == "alice@example.org"
    second = backup.write(back, using=other)
    assert second["tables"] == first["tables"]
    assert second["media"] == first["media"]

    User.objects.create_user("late")
    Message.objects.filter(role="user").update(text="Overwritten")
    avatar = Persona.objects.get(slug="helper").avatar_image.name
    default_storage.delete(avatar)
    backup.restore(back, replace=True)
    assert not User.objects.filter(username="late").exists()
    assert Message.objects.filter(text="What is water?").exists()
    assert stored(avatar) == b"image"
    assert Conversation.objects.get().created_at == PAST
    assert Share.objects.get().content == NUMBERS
    assert Provider.objects.get(name="Ours").api_key == "a key"
    assert User.objects.get().check_password("a password")
    assert not Session.objects.exists()
    assert_it_goes_on(alice)


def assert_it_goes_on(alice):
    """New rows get new keys, the search follows, what may not be changed is kept."""
    assert not index.check()
    add_turn(Conversation.objects.get(), "Ein seltenes Wort", "Ja.")
    assert Notice.objects.create(text="Later.").pk > FAR_AHEAD
    assert not index.check()
    assert first_broken() is None
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.update(verb="nothing.done")


def test_an_image_of_sqlite_is_put_back_as_it_was(other, tmp_path):
    fill()
    portable, image = tmp_path / "portable.zip", tmp_path / "image.zip"
    backup.write(portable)
    backup.restore(portable, using=other)
    made = backup.write(image, kind=backup.SQLITE, using=other)
    assert made["tables"]["conversations.Message"]["rows"] == 4
    User.objects.using(other).create(username="late")
    backup.restore(image, replace=True, using=other)
    assert User.objects.using(other).get().username == "alice"
