"""How a conversation begins: its row, made by its first message."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.generation import titles
from conversations.models import Conversation, Folder, Persona

from .refusals import Refusal


def begin(user, conversation_id, text, persona_slug, folder_id, is_temporary):
    """Make the conversation that `text` begins; raises Refusal.

    A temporary one lies in no folder.
    """
    personas = Persona.objects.usable_by(user)
    personas = personas.select_related("version__model__provider")
    persona = personas.filter(slug=persona_slug).first()
    if persona is None:
        raise Refusal("no_persona", _("Choose a persona to talk to."))
    now = timezone.now()
    lasts = timedelta(hours=settings.CHAT_TEMPORARY_HOURS)
    return Conversation.objects.create(
        pk=conversation_id,
        owner=user,
        persona=persona,
        folder=None if is_temporary else _folder(user, folder_id),
        expires_at=now + lasts if is_temporary else None,
        title=titles.title_from(text) or _("New chat"),
        updated_at=now,
    )


def _folder(user, folder_id):
    if folder_id is None:
        return None
    if folder := Folder.objects.editable_by(user).filter(pk=folder_id).first():
        return folder
    raise Refusal("no_folder", _("That folder is not here any more."))
