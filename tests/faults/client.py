"""A tab without a browser: it speaks the socket's whole protocol as the page does."""

import asyncio
import contextlib
import json
import time
import uuid

import aiohttp

from tests.patience import PATIENCE_SECONDS

from .history import History, Sent

ACK_SECONDS = 0.2  # as in static/js/lib/frames.js
SYNC_SECONDS = 0.2
LONGEST_RETRY_SECONDS = 0.3  # the page waits longer; tests of the browser prove that
PARTING = aiohttp.ClientWSTimeout(ws_close=2)
FINAL = (4401, 4404)
TOKEN = "t" * 32  # any token will do that cookie and header agree on


class Client:
    """One socket of somebody, that comes back by itself until it is closed.

    After a break it asks for what it missed and sends again what has no answer, with
    the same client_id. `addresses` are tried in turn, from the first on; a test may
    change them at any time. `history` keeps what was sent and seen.
    """

    def __init__(self, name, session, conversation, addresses, *, origin, rng):
        self.history = History(name)
        self.page = self.history.page
        self.session, self.conversation = session, str(conversation)
        self.addresses, self.origin = list(addresses), origin
        self.comes_back = True
        self._rng = rng
        self._news = asyncio.Event()
        self._socket = self._http = self._life = None
        self._acks = {}
        self._ack_timer = self._sync_timer = None

    def __repr__(self):
        return f"<Client {self.history.name}>"

    # ── its connection ────────────────────────────────────────────────────────────
    async def open(self):
        """Connect and return self; the rest goes on by itself."""
        cookies = f"sessionid={self.session}; csrftoken={TOKEN}"
        self._http = aiohttp.ClientSession(headers={"Cookie": cookies})
        self._life = asyncio.create_task(self._live())
        await self.until(lambda: self.is_connected, "a connection")
        return self

    async def close(self):
        """Leave, as when a tab is closed."""
        self.comes_back = False
        self.history.has_left = True
        for timer in (self._ack_timer, self._sync_timer):
            if timer is not None:
                timer.cancel()
        if self._life is not None:
            self._life.cancel()
            await asyncio.gather(self._life, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    @property
    def is_connected(self):
        return self._socket is not None

    async def _live(self):
        while True:
            with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
                await self._connected()
            if not self.comes_back:
                return
            # Elsewhere next time, as a load balancer would.
            self.addresses.append(self.addresses.pop(0))
            await asyncio.sleep(LONGEST_RETRY_SECONDS * self._rng.uniform(0.3, 1))

    async def _connected(self):
        url = f"{self.addresses[0]}/ws/conversations/{self.conversation}/"
        options = {"origin": self.origin, "max_msg_size": 0, "timeout": PARTING}
        async with self._http.ws_connect(url, **options) as socket:
            self._socket = socket
            self.history.connected_at.append(time.monotonic())
            try:
                self._greet()
                async for message in socket:
                    self._take(json.loads(message.data))
            finally:
                self._socket = None
                self.history.closes.append(socket.close_code and int(socket.close_code))
                if socket.close_code in FINAL:
                    self.comes_back = False
                self._tell()

    def _greet(self):
        self.sync()
        self.resend()
        self._tell()

    def _tell(self):
        self._news.set()

    def _take(self, frame):
        if not self.history.take(frame):
            self._sync_soon()
        if frame["type"] in ("reply.progressed", "reply.snapshot"):
            self._acks[frame["message"]] = frame["seq"]
            if self._ack_timer is None:
                loop = asyncio.get_running_loop()
                self._ack_timer = loop.call_later(ACK_SECONDS, self._acknowledge)
        self._tell()

    def _acknowledge(self):
        self._ack_timer = None
        acks, self._acks = self._acks, {}
        for message, seq in acks.items():
            self.send("ack", message=message, seq=seq)

    def _sync_soon(self):
        if self._sync_timer is None:
            loop = asyncio.get_running_loop()
            self._sync_timer = loop.call_later(SYNC_SECONDS, self.sync)

    # ── what it says ──────────────────────────────────────────────────────────────
    def send(self, kind, **fields):
        """Send a frame, if there is a connection; return whether there is."""
        if self._socket is None or self._socket.closed:
            return False
        # Not awaited: what does not leave at once is lost with its connection.
        writing = asyncio.ensure_future(
            self._socket.send_json({"type": kind, **fields})
        )
        writing.add_done_callback(_forget)
        return True

    def sync(self):
        self._sync_timer = None
        seqs = {m.pk: m.seq or 0 for m in self.page.open_replies}
        return self.send("sync", seq=seqs, head=self.page.head)

    def say(self, text, *, parent=-1, client_id=None, persona="assistant"):
        """Send a message and return its Sent, at once.

        `parent`: what it follows, if not the last reply shown.
        """
        client_id = client_id or str(uuid.uuid4())
        fields = {"parent": self.page.parent if parent == -1 else parent}
        if fields["parent"] is None:
            fields["persona"] = persona
        return self._say("message.send", client_id, text, fields)

    def edit(self, message, text, *, client_id=None):
        """Ask again with `text` in place of `message`; return its Sent, at once."""
        client_id = client_id or str(uuid.uuid4())
        return self._say("message.edit", client_id, text, {"message": message})

    def _say(self, kind, client_id, text, fields):
        frame = {"type": kind, "client_id": client_id, "text": text, **fields}
        sent = Sent(client_id, text, frame)
        self.history.sent[client_id] = sent
        self.send(**_arguments(frame))
        return sent

    def resend(self):
        """Send once more whatever has no acknowledgement, in order."""
        for sent in self.unsent:
            self.send(**_arguments(sent.frame))

    @property
    def unsent(self):
        return [sent for sent in self.history.sent.values() if sent.is_unsent]

    def regenerate(self, reply):
        if self.send("reply.regenerate", message=reply):
            self.history.asked_again[self.page.messages[reply].parent] += 1

    def go_on(self, reply):
        """Continue a reply that ended early."""
        return self.send("reply.continue", message=reply)

    def stop(self, reply, *, seq=None):
        """Stop a reply; `seq`: the last frame that was shown of it."""
        fields = {} if seq is None else {"seq": seq}
        return self.send("reply.stop", message=reply, **fields)

    async def post(self, kind, **fields):
        """Send a frame by plain HTTP to the first address.

        Return the status and the frames that answer it (None without JSON).
        """
        url = f"{self.addresses[0]}/c/{self.conversation}/frames/"
        headers = {"X-CSRFToken": TOKEN, "Origin": self.origin}
        frame = {"type": kind, **fields}
        async with self._http.post(url, json=frame, headers=headers) as response:
            is_json = response.content_type == "application/json"
            answer = await response.json() if is_json else {}
            return response.status, answer.get("frames")

    # ── what it waits for ─────────────────────────────────────────────────────────
    async def until(self, found, what, *, patience_seconds=PATIENCE_SECONDS):
        """Wait until `found()` is true, return it; `what` names it in a failure."""
        try:
            async with asyncio.timeout(patience_seconds):
                while not (answer := found()):
                    self._news.clear()
                    await self._news.wait()
                return answer
        except TimeoutError:
            raise AssertionError(
                f"{self} waits for {what}: {self.describe()}"
            ) from None

    async def acknowledged(self, *sent):
        """Wait until those, or all, are acknowledged; return the id of the first."""

        def found():
            return all(not one.is_unsent for one in sent or self.history.sent.values())

        await self.until(found, "an acknowledgement")
        return sent[0].message if sent else None

    async def reply_to(self, sent):
        """Wait until the reply to that message is shown; return it as Shown."""
        question = await self.acknowledged(sent)

        def found():
            replies = (m for m in self.page.messages.values() if m.is_reply)
            return next((m for m in replies if m.parent == question), None)

        return await self.until(found, f"a reply to {question}")

    async def shows(self, reply, words):
        """Wait until the reply of that id shows `words`."""

        def found():
            shown = self.page.messages.get(reply)
            return shown and words in shown.words

        await self.until(found, f"{words!r} in reply {reply}")

    async def ended(self, reply):
        """Wait until the reply of that id is open no more; return it as Shown."""

        def found():
            shown = self.page.messages.get(reply)
            return shown if shown and not shown.is_open else None

        return await self.until(found, f"the end of reply {reply}")

    async def settled(self):
        """Wait until all is acknowledged and no reply that is shown grows any more."""
        await self.acknowledged()
        await self.until(lambda: not self.page.open_replies, "the end of all replies")

    async def ask(self, text):
        """Send a message and wait for the end of its reply; return that as Shown."""
        reply = await self.reply_to(self.say(text))
        return await self.ended(reply.pk)

    def describe(self):
        """Say in a line how the page stands, for a failure."""
        shown = [f"{m.pk} {m.role} {m.state}" for m in self.page.messages.values()]
        unsent = [sent.text for sent in self.unsent]
        errors = [error["code"] for error in self.history.errors]
        return (
            f"connected {self.is_connected}, closes {self.history.closes}, "
            f"shown {shown}, unsent {unsent}, errors {errors}"
        )


def _arguments(frame):
    return {"kind": frame["type"], **{k: v for k, v in frame.items() if k != "type"}}


def _forget(writing):
    with contextlib.suppress(asyncio.CancelledError):
        writing.exception()
