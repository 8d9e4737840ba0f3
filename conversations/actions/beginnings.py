"""How a conversation begins: its row, made by its first message."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.generation import titles
from conversations.models import Conversation, Folder, Persona
from conversations.models.prepared import Prepared
from conversations.models.prepared_writes import insert

from .choices import WITH, personas_for
from .refusals import Refusal


def begin(user, conversation_id, text, persona_slug, folder_id, is_temporary):
    """Make the conversation that `text` begins; raises Refusal.

    A temporary one lies in no folder.
    """
    persona = _usable_persona(user, persona_slug)
    now = timezone.now()
    lasts = timedelta(hours=settings.CHAT_TEMPORARY_HOURS)
    conversation = Conversation(
        pk=conversation_id,
        owner=user,
        persona=persona,
        folder=None if is_temporary else _folder(user, folder_id),
        expires_at=now + lasts if is_temporary else None,
        title=titles.title_from(text) or _("New chat"),
        updated_at=now,
    )
    insert(conversation)
    return conversation


def _usable_persona(user, slug):
    found = _offered(slug, user.pk) or personas_for(user).filter(slug=slug)
    if not found:
        raise Refusal("no_persona", _("Choose a persona to talk to."))
    return found[0]


@Prepared
def _offered(slug, user_id):
    return Persona.objects.offered_to(user_id).filter(slug=slug).select_related(WITH)


def _folder(user, folder_id):
    if folder_id is None:
        return None
    if folder := Folder.objects.editable_by(user).filter(pk=folder_id).first():
        return folder
    raise Refusal("no_folder", _("That folder is not here any more."))
