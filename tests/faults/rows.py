"""What the database of a site under test can be asked: plain values in and out."""

import threading
import time
import uuid

from django.contrib.sessions.models import Session
from django.test import Client

from conversations import rendering
from conversations.actions.messages import post_message
from conversations.actions.shares import create_share
from conversations.models import (
    Conversation,
    Generation,
    LanguageModel,
    Message,
    Provider,
    User,
)
from tests.base import make_persona

POLL_SECONDS = 0.1
# Waits for time to pass; nobody ever sets it.
_never = threading.Event()


def sign_in(name):
    """Add somebody and sign them in; return `(user name, key of the session)`."""
    username = f"{name}-{uuid.uuid4().hex[:6]}"
    user = User.objects.create_user(username, f"{username}@example.org")
    client = Client()
    client.force_login(user)
    return username, client.session.session_key


def end_session(key):
    Session.objects.filter(session_key=key).delete()


def conversation(pk):
    """Return a conversation: `head`, `branch` (ids) and `messages` (fields by id).

    None while it is not there. `render` is what its text gives when rendered now.
    """
    found = Conversation.objects.filter(pk=pk).first()
    if found is None:
        return None
    rows = Message.objects.filter(conversation=pk).select_related("generation")
    messages = {message.pk: _fields(message) for message in rows.order_by("pk")}
    branch, at = [], found.head_id
    while at is not None:
        branch.insert(0, at)
        at = messages[at]["parent"]
    return {"head": found.head_id, "branch": branch, "messages": messages}


def _fields(message):
    generation = getattr(message, "generation", None)
    fields = {
        "parent": message.parent_id,
        "role": message.role,
        "text": message.text,
        "html": message.html,
        "client_id": message.client_id and str(message.client_id),
    }
    if generation is not None:
        fields |= {
            "state": generation.state,
            "error_code": generation.error_code,
            "seq": generation.seq,
            "owner": generation.owner,
            "may_continue": generation.may_continue,
            "render": rendering.render(message.text, prefix=f"{message.dom_id}-"),
        }
    return fields


def wait_until_settled(conversations, patience_seconds):
    """Wait until no reply of those conversations may grow any more."""
    open_replies = Generation.objects.open().filter(
        message__conversation__in=conversations
    )
    end = time.monotonic() + patience_seconds
    while open_replies.exists() and time.monotonic() < end:
        _never.wait(POLL_SECONDS)


def wait_until_saved(message, words, patience_seconds):
    """Wait until the text of that message has `words`; return whether it has."""
    written = Message.objects.filter(pk=message, text__contains=words)
    end = time.monotonic() + patience_seconds
    while not (is_saved := written.exists()) and time.monotonic() < end:
        _never.wait(POLL_SECONDS)
    return is_saved


def copies_of(client_id):
    """Return the ids of the messages with that client id, in any conversation."""
    rows = Message.objects.filter(client_id=client_id)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def leave_question(conversation, text):
    """Add a question to a conversation, to which no process begins a reply."""
    found = Conversation.objects.select_related("owner").get(pk=conversation)
    post_message(
        user=found.owner,
        conversation_id=found.pk,
        text=text,
        client_id=uuid.uuid4(),
        parent_id=found.head_id,
    )


def sign_in_administrator():
    """Add an administrator; return the key of their session."""
    username, session = sign_in("root")
    User.objects.filter(username=username).update(is_staff=True, is_superuser=True)
    return session


def reply_facts(message):
    """Return what an administrator wants to know of a reply, by the message's id."""
    generation = Generation.objects.select_related(
        "message", "model__provider", "persona_version__persona"
    ).get(message=message)
    return {
        "generation": generation.pk,
        "text": generation.message.text,
        "state": generation.state,
        "error_code": generation.error_code,
        "error_status": generation.error_status,
        "request_id": generation.request_id,
        "provider": generation.model.provider.name,
        "model": generation.model.api_name,
        "persona": generation.persona_version.persona.name,
    }


def add_persona_at(base_url):
    """Publish a persona that a provider of its own answers; return its slug."""
    slug = f"persona-{uuid.uuid4().hex[:6]}"
    provider = Provider.objects.create(name=slug, base_url=base_url)
    model = LanguageModel.objects.create(provider=provider, api_name="scripted-1")
    make_persona(slug, model=model)
    return slug


def move_provider(slug, base_url, api_key):
    """Have the provider of that persona be elsewhere."""
    provider = Provider.objects.get(name=slug)
    provider.base_url = base_url
    provider.set_api_key(api_key)
    provider.save()


def share(conversation):
    """Have the owner share a conversation with anyone; return `(id, path)`."""
    shared = Conversation.objects.select_related("owner").get(pk=conversation)
    made = create_share(user=shared.owner, conversation=shared, audience="anyone")
    return made.pk, made.get_absolute_url()
