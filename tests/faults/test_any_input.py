"""P28: nothing that anybody sends ends the process, or fails without a word."""

import asyncio
import json
import random
import re
import socket
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.database import Database
from tests.patience import PATIENCE_SECONDS
from tests.site import Site

from . import anything
from .conftest import SEED
from .forms import Visitor
from .sockets import Tap
from .stack import count

BAD_FRAMES, MOST_BAD_FRAMES = 4400, 100
FAULT = re.compile(r"\b(ERROR|CRITICAL)\b")
PROBE = json.dumps({"type": "message.send", "client_id": "probe"})
ROWS = "tests.faults.rows_of_forms"
chosen = settings(
    max_examples=count(15, 2000),
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


class Fuzzed:
    """A site with the demo model, an administrator's session and a conversation."""

    def __init__(self, site, database):
        self.site, self.database = site, database
        self.user, self.conversation = database.begin()
        self.visitor = Visitor(site, self.session())
        self.forms = self.visitor.find_forms()
        self._read = len(site.log)

    def session(self):
        return self.database.sign_in_again(self.user, self.conversation)

    async def hear(self, *sent, wires=()):
        """Send all that on one socket; return the code with which it ended, if so."""
        path = f"/ws/conversations/{self.conversation}/"
        socket = await Tap.enter(self.site, self.visitor.session, path)
        try:
            for one in sent:
                socket.say(one)
            for data in wires:
                socket.write(data)
            if not wires:
                socket.say(PROBE)
                while (frame := await socket.next()) is not None:
                    if frame.get("client_id") == "probe":
                        return None
            return socket.code
        finally:
            socket.close()
            await socket.ended

    def knock(self, data):
        """Send `data` in place of a request, and wait until its connection is over."""
        address = "127.0.0.1", self.site.port
        connection = socket.create_connection(address, PATIENCE_SECONDS)
        # It may be put out at any moment, but does not hang.
        with connection, suppress(ConnectionError):
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):
                pass

    def check(self):
        """The site lives, and nothing went wrong in it."""
        assert self.visitor.ask("GET", "/health/")[0] == 200
        said, self._read = self.site.log[self._read :], len(self.site.log)
        assert not [line for line in said if FAULT.search(line)], "".join(said)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("fuzzed"), DJANGO_SUPERUSER_PASSWORD="none")
    site.start()
    database = Database(site.environment, ROWS)
    yield Fuzzed(site, database)
    database.close()
    site.stop()


@chosen
@given(st.lists(anything.texts | st.binary(max_size=200), min_size=1, max_size=6))
def test_any_frames_are_answered_or_close_their_socket(fuzzed, sent):
    assert asyncio.run(fuzzed.hear(*sent)) in (None, BAD_FRAMES)
    fuzzed.check()


def test_who_sends_nothing_but_bad_frames_is_shut_out(fuzzed):
    assert asyncio.run(fuzzed.hear(*["{}"] * (MOST_BAD_FRAMES + 1))) == BAD_FRAMES
    fuzzed.check()


def test_every_odd_frame_is_answered(fuzzed):
    frames = [json.dumps(frame) for frame in anything.ODD_FRAMES]
    assert asyncio.run(fuzzed.hear(*frames, *anything.DEEP)) is None
    fuzzed.check()


@chosen
@given(st.lists(anything.wires, min_size=1, max_size=6))
def test_any_bytes_on_the_wire_cost_only_their_socket(fuzzed, sent):
    asyncio.run(fuzzed.hear(wires=sent))
    assert asyncio.run(fuzzed.hear()) is None
    fuzzed.check()


@chosen
@given(st.lists(anything.requests, min_size=1, max_size=6))
def test_any_bytes_in_place_of_a_request_cost_only_their_connection(fuzzed, sent):
    for data in sent:
        fuzzed.knock(data)
    fuzzed.check()


@chosen
@given(anything.bodies, anything.kinds)
def test_any_body_by_plain_http_is_answered(fuzzed, body, kind):
    fuzzed.visitor.session = fuzzed.session()
    path = f"/c/{fuzzed.conversation}/frames/"
    status, answered, page = fuzzed.visitor.ask("POST", path, body, kind)
    assert status in (200, 400, 404), page  # what it names may not be there
    assert status != 200 or answered == "application/json", page
    fuzzed.check()


@chosen
@given(st.data())
def test_any_form_is_answered(fuzzed, data):
    form = data.draw(st.sampled_from(fuzzed.forms))
    pairs = [
        (name, data.draw(anything.entry(name, value), label=name))
        for name, value in form.fields
        if data.draw(st.integers(0, 9), label="given")
    ]
    fuzzed.visitor.session = fuzzed.session()
    status, _, page = fuzzed.visitor.send(form, pairs)
    assert status < 500, page
    fuzzed.check()


def test_every_form_is_answered(fuzzed):
    """With something odd in all its fields, or in one where all else is right."""
    rng = random.Random(SEED)
    for form in fuzzed.forms:
        for _ in range(count(1, 40)):
            fuzzed.visitor.session = fuzzed.session()
            pairs = form.filled(rng, anything.ODD, one=rng.random() < 0.7)
            status, _, page = fuzzed.visitor.send(form, pairs)
            assert status < 500, f"{form.method} {form.path} {pairs}: {page}"
    fuzzed.check()
