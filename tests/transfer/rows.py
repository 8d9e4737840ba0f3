"""What `Database` can be asked to do of transfers: plain values in and out."""

from datetime import timedelta

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from conversations.models import (
    Conversation,
    Generation,
    Message,
    Persona,
    Transfer,
    User,
)
from conversations.transfer import uploads
from tests.browser.rows import add_conversation, add_user, session_of, texts

__all__ = ["add_conversation", "add_user", "session_of", "texts"]


def add_chats(owner, count, *, turns=1):
    """Add `count` conversations of that many turns, as fast as rows can be added."""
    user = User.objects.get(username=owner)
    persona = Persona.objects.select_related("version").first()
    now = timezone.now()
    made = Conversation.objects.bulk_create(
        Conversation(
            owner=user,
            persona=persona,
            title=f"Talk {number} about 水",
            updated_at=now - timedelta(minutes=number),
        )
        for number in range(count)
    )
    _add_turns(made, turns, persona.version)


def _add_turns(conversations, turns, version):
    last = dict.fromkeys((c.pk for c in conversations), None)
    for number in range(turns):
        asked = Message.objects.bulk_create(
            Message(
                conversation=conversation,
                parent_id=last[conversation.pk],
                role=Message.Role.USER,
                author_id=conversation.owner_id,
                text=f"Question {number}",
                html=f"<p>Question {number}</p>",
            )
            for conversation in conversations
        )
        answered = Message.objects.bulk_create(
            Message(
                conversation_id=question.conversation_id,
                parent=question,
                role=Message.Role.ASSISTANT,
                text=f"Answer **{number}**. " * 20,
                html=f"<p>Answer <strong>{number}</strong>.</p>" * 20,
            )
            for question in asked
        )
        Generation.objects.bulk_create(
            Generation(
                message=reply, persona_version=version, state=Generation.State.FINISHED
            )
            for reply in answered
        )
        last = {reply.conversation_id: reply.pk for reply in answered}
    newest = Message.objects.filter(conversation=OuterRef("pk")).order_by("-pk")
    Conversation.objects.filter(pk__in=list(last)).update(
        head=Subquery(newest.values("pk")[:1])
    )


def add_long_chat(owner, turns):
    """Add one conversation of so many turns; return its id."""
    before = set(Conversation.objects.values_list("pk", flat=True))
    add_chats(owner, 1, turns=turns)
    return str(Conversation.objects.exclude(pk__in=before).get().pk)


def upload_key(username):
    return uploads.make_key(User.objects.get(username=username))


def transfers_of(username):
    """Return what is known of each, newest first."""
    rows = Transfer.objects.filter(owner__username=username)
    names = ("kind", "state", "error", "done", "total", "attempts", "report")
    return [{"id": str(row.pk), **{n: getattr(row, n) for n in names}} for row in rows]


def stored_file(transfer_id):
    """Return the names of the files a transfer has, "" where it has none."""
    row = Transfer.objects.get(pk=transfer_id)
    return row.source_file, row.result_file
