from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import events
from conversations.models import Conversation, Folder
from conversations.models.folders import MOST_FOLDERS

from .conversations import one_line
from .refusals import Refusal
from .turns import take_turn


@transaction.atomic
def create_folder(*, user, name, persona=None):
    """Make a folder, the last of the list; return it.

    Raises Refusal when the name will not do or is taken, or there are too many.
    """
    take_turn(user.pk)
    mine = Folder.objects.editable_by(user)
    if mine.count() >= MOST_FOLDERS:
        detail = _("At most %(most)d folders fit.") % {"most": MOST_FOLDERS}
        raise Refusal("too_many", detail)
    last = mine.aggregate(Max("position"))["position__max"]
    folder = Folder(owner=user, position=0 if last is None else last + 1)
    return _save(folder, name, persona)


@transaction.atomic
def change_folder(*, folder, name, persona):
    """Give it that name, and new chats in it that persona; None leaves it open.

    Raises Refusal when the name will not do or is taken.
    """
    return _save(folder, name, persona)


@transaction.atomic
def remove_folder(*, folder):
    """Take the folder away; its conversations stand among the others again."""
    Conversation.objects.filter(folder=folder).update(folder=None)
    folder.delete()
    _announce(folder.owner_id)


@transaction.atomic
def place_folder(*, folder, before=None):
    """Have it stand before the folder `before`, None for the end."""
    rows = Folder.objects.filter(owner=folder.owner_id).select_for_update()
    others = [other for other in rows if other.pk != folder.pk]
    pks = [other.pk for other in others]
    at = pks.index(before.pk) if before and before.pk in pks else len(others)
    others.insert(at, folder)
    for position, other in enumerate(others):
        other.position, other.changed_at = position, timezone.now()
    Folder.objects.bulk_update(others, ["position", "changed_at"])
    _announce(folder.owner_id)


def _save(folder, name, persona):
    name = one_line(name, most=Folder._meta.get_field("name").max_length)
    same = Folder.objects.filter(owner=folder.owner_id, name=name)
    if same.exclude(pk=folder.pk).exists():
        raise Refusal("taken", _("You have a folder of that name already."))
    folder.name, folder.persona, folder.changed_at = name, persona, timezone.now()
    folder.save()
    _announce(folder.owner_id)
    return folder


def _announce(owner_id):
    events.publish_on_commit(events.user_group(owner_id), events.FOLDERS_CHANGED)
