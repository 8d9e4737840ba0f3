"""What goes out comes back: any conversation, and everything that somebody owns."""

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from conversations import rendering
from conversations.models import Conversation, Feedback, Folder, Transfer
from conversations.transfer import archive, files, importing, native
from tests.base import ChatTestCase, add_turn, make_conversation
from tests.transfer.packing import write

words = st.text(max_size=30).map(rendering.clean)
seconds = st.integers(10**9, 17 * 10**8)
moments = seconds.map(lambda at: datetime.fromtimestamp(at, UTC).isoformat())
states = st.sampled_from(["finished", "cut_off", "stopped", "failed", "interrupted"])
errors = st.sampled_from(["interrupted", "cut_off", "length", "budget"])


@st.composite
def conversations(draw):
    """One of alice's in our own format: each question has a reply, in any tree.

    Where several people write, some have none, and others follow those.
    """
    has_people = draw(st.booleans())
    authors = st.sampled_from(["alice", "bob", None] if has_people else ["alice"])
    messages, ends = [], [None]
    for _ in range(draw(st.integers(1, 5))):
        asked = len(messages) + 1
        parent, author = draw(st.sampled_from(ends)), draw(authors)
        messages.append(_question(draw, asked, parent, author))
        if has_people:
            ends.append(asked)
        for _ in range(draw(st.integers(0 if has_people else 1, 3))):
            messages.append(_reply(draw, len(messages) + 1, asked))
            ends.append(len(messages))
    times = sorted([draw(moments), draw(moments)])
    pinned_at, archived_at = draw(st.none() | moments), draw(st.none() | moments)
    keys = st.integers(1, len(messages))
    return {
        "format": "chatsite",
        "version": 1,
        "id": str(uuid.UUID(int=draw(st.integers(1, 2**128 - 1)))),
        "title": " ".join(draw(words).split()) or "Untitled",
        "persona": {"slug": "helper", "name": "Helper"},
        "created_at": times[0],
        "updated_at": times[1],
        "pinned": pinned_at is not None,
        "pinned_at": pinned_at,
        "archived": archived_at is not None,
        "archived_at": archived_at,
        "unread": draw(st.booleans()),
        "folder": draw(st.none() | st.sampled_from(["Garden", "정원", "a/b"])),
        "people": has_people,
        "participants": [],  # nobody is invited by a file
        "replies": draw(st.sampled_from(["always", "mentioned"]))
        if has_people
        else "always",
        "head": draw(st.sampled_from(ends[1:])),
        "leaves": draw(st.dictionaries(keys.map(str), keys, max_size=2)),
        "messages": messages,
    }


def _question(draw, pk, parent, author):
    return {
        "id": pk,
        "parent": parent,
        "role": "user",
        "author": author,
        "own": author == "alice",
        "persona": None,
        "model": "",
        "text": draw(words),
        "reasoning": "",
        "reasoning_ms": None,
        "tokens": None,
        "state": "sent",
        "error": "",
        "feedback": None,
        "created_at": draw(moments),
    }


def _reply(draw, pk, parent):
    state = draw(states)
    return {
        "id": pk,
        "parent": parent,
        "role": "assistant",
        "author": None,
        "own": False,
        "persona": {"slug": "helper", "name": "Helper", "version": 1},
        "model": draw(st.sampled_from(["", "gpt-4o-mini", "llama3.1:8b"])),
        "text": draw(words),
        "reasoning": draw(words),
        "reasoning_ms": draw(st.none() | st.integers(1, 10**6)),
        "tokens": None,  # what was paid elsewhere is not paid here
        "state": state,
        "error": draw(errors) if state not in ("finished", "stopped") else "",
        "feedback": draw(st.none() | feedback()),
        "created_at": draw(moments),
    }


@st.composite
def feedback(draw):
    return {
        "verdict": draw(st.sampled_from(["good", "bad"])),
        "note": draw(words).strip(),
        "given_at": draw(moments),
    }


def comparable(dumped):
    """Return `dumped` with places for the keys of its messages."""
    places = {m["id"]: place for place, m in enumerate(dumped["messages"])}
    messages = [
        m | {"id": places[m["id"]], "parent": places.get(m["parent"])}
        for m in dumped["messages"]
    ]
    leaves = {places[int(pk)]: places[leaf] for pk, leaf in dumped["leaves"].items()}
    told = {"messages": messages, "head": places[dumped["head"]], "leaves": leaves}
    return dumped | told


def dump(conversation):
    messages = list(conversation.messages.for_display())
    given = {f.reply_id: f for f in Feedback.objects.filter(reply__in=messages)}
    for message in messages:
        message.feedback_given = given.get(message.pk)
    return comparable(json.loads(json.dumps(native.dump(conversation, messages))))


class RoundTripTests(ChatTestCase, TestCase):
    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def take(self, path, owner=None):
        return importing.take(owner or self.alice, path, lambda *progress: None)

    @settings(max_examples=60)
    @given(went_out=conversations())
    def test_any_conversation_comes_back_as_it_went_out(self, went_out):
        Conversation.objects.filter(pk=went_out["id"]).delete()
        report = self.take(write(self.folder / "a", went_out))
        self.assertEqual(report["made"], 1, report)
        came_back = dump(Conversation.objects.get(pk=went_out["id"]))
        self.assertEqual(came_back, comparable(went_out))

    def test_everything_somebody_owns_comes_back_from_its_zip(self):
        garden = Folder.objects.create(owner=self.alice, name="Garden")
        for title, place in (("Moss", garden), ("Rain", None)):
            talk = make_conversation(
                self.alice, self.persona, title=title, folder=place
            )
            add_turn(talk, f"{title}?", f"About **{title}**.")
        before = {c.pk: dump(c) for c in self.alice.conversations.all()}
        transfer = Transfer.objects.create(owner=self.alice, kind=Transfer.Kind.EXPORT)
        archive.run(transfer, lambda *progress: None)
        transfer.refresh_from_db()
        self.addCleanup(files.remove, transfer.result_file)
        path = files.result_path(transfer)
        self.assertEqual(self.take(path)["known"], 3)
        self.alice.conversations.all().delete()
        report = self.take(path)
        self.assertEqual((report["made"], report["skipped"]), (3, []))
        after = {c.pk: dump(c) for c in self.alice.conversations.all()}
        self.assertEqual(after, before)
