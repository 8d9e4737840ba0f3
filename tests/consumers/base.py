"""People at their tabs: real consumers, a scripted model, no browser."""

import asyncio
import uuid

from allauth.usersessions.models import UserSession
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from chatsite.asgi import application
from conversations.models import Message, User
from conversations.rendering import apply_ops
from tests.base import add_turn, make_conversation, make_persona
from tests.patience import PATIENCE_SECONDS


class Tab:
    """One socket, and what its page would show of the replies."""

    def __init__(self, session, path):
        headers = [
            (b"origin", settings.SITE_ORIGINS[0].encode()),
            (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()),
        ]
        self._socket = WebsocketCommunicator(application, path, headers)
        self.conversation_id = path.strip("/").rpartition("/")[2]
        self.frames = []
        self.segments = {}
        self.seqs = {}

    async def open(self):
        connected, _ = await self._socket.connect(PATIENCE_SECONDS)
        assert connected
        return self

    async def let_in(self):
        """Wait until it hears of everything that it is told: it is open before."""
        await self.send("no such frame")
        await self.until("error")

    async def close(self):
        await self._socket.disconnect()

    async def send(self, kind, **fields):
        await self._socket.send_json_to({"type": kind, **fields})

    async def say(self, text, *, parent=None, persona="helper", client_id=None):
        """Send a message; return its client id."""
        client_id = client_id or str(uuid.uuid4())
        fields = {"client_id": client_id, "text": text, "parent": parent}
        if parent is None:
            fields["persona"] = persona
        await self.send("message.send", **fields)
        return client_id

    async def next(self):
        frame = await self._socket.receive_json_from(PATIENCE_SECONDS)
        self.frames.append(frame)
        self._show(frame)
        return frame

    async def until(self, kind):
        """Take frames until one of type `kind`, and return it."""
        while True:
            frame = await self.next()
            if frame["type"] == kind:
                return frame

    async def until_shown(self, message, words):
        """Take frames until the reply shows `words`."""
        while words not in self.shown(message):
            await self.next()

    async def until_closed(self):
        """Take what comes until the socket is closed; return the code."""
        while True:
            event = await self._socket.receive_output(PATIENCE_SECONDS)
            if event["type"] == "websocket.close":
                return event["code"]

    async def hears_nothing(self):
        return await self._socket.receive_nothing()

    def of_type(self, kind):
        return [f for f in self.frames if f["type"] == kind]

    def shown(self, message):
        """The HTML that the page has of a reply."""
        return "".join(self.segments.get(message, []))

    def _show(self, frame):
        """Keep the page's promise: frames come without gap and without repetition."""
        if frame["type"] == "reply.snapshot":
            self.segments[frame["message"]] = frame["segments"]
            self.seqs[frame["message"]] = frame["seq"]
        elif frame["type"] == "reply.progressed":
            message = frame["message"]
            assert frame["seq"] == self.seqs.get(message, 0) + 1
            self.seqs[message] = frame["seq"]
            if frame["kind"] == "text":
                before = self.segments.get(message, [])
                self.segments[message] = apply_ops(before, frame["ops"])


class People:
    """Alice and bob, and a persona both may use."""

    def __init__(self):
        self._tabs = []

    @classmethod
    async def make(cls):
        people = cls()
        await database_sync_to_async(people._make)()
        return people

    def _make(self):
        self.alice = User.objects.create_user("alice")
        self.bob = User.objects.create_user("bob")
        self.persona = make_persona(instructions="Be brief.")

    async def tab(self, user, conversation_id):
        """Open the page of a conversation; `user` None is not signed in."""
        return await self._opened(user, f"/ws/conversations/{conversation_id}/")

    async def list_tab(self, user):
        return await self._opened(user, "/ws/me/")

    async def _opened(self, user, path):
        session = await database_sync_to_async(sign_in)(user) if user else ""
        return await self.tab_of_session(session, path)

    async def tab_of_session(self, session, path):
        """Open a socket in a browser whose session has that key."""
        tab = Tab(session, path)
        self._tabs.append(tab)
        return await tab.open()

    async def new_chat(self, user=None):
        """Open the page of a chat that is not there yet; return `(id, tab)`."""
        conversation_id = str(uuid.uuid4())
        return conversation_id, await self.tab(user or self.alice, conversation_id)

    async def conversation(self, user, *turns):
        """Make a conversation of `user` that has `turns`: (question, answer)."""
        return await database_sync_to_async(self._conversation)(user, turns)

    def _conversation(self, user, turns):
        conversation = make_conversation(user, self.persona)
        for question, answer in turns:
            add_turn(conversation, question, answer)
        return conversation

    async def leave(self):
        await asyncio.gather(
            *(tab.close() for tab in self._tabs), return_exceptions=True
        )


def sign_in(user):
    """Return the key of a new session of `user`."""
    browser = Client()
    browser.force_login(user)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1")
    return key


@database_sync_to_async
def saved(pk):
    """Return the message as it is in the database, with its generation."""
    return Message.objects.select_related("generation").get(pk=pk)
