"""Every frame × who sends it × what it names: nothing of others is read or changed.

The table is tests/frame_rows.py, held against protocol/frames.py: a new frame, or a
field of one, that has no row fails.
"""

import json
import uuid

from django.contrib.auth.models import Group
from django.core.serializers import serialize
from django.urls import reverse
from django.utils import timezone

from conversations.models import (
    Conversation,
    Generation,
    LanguageModel,
    Message,
    Participant,
)
from conversations.protocol import frames
from tests.base import ChatTestCase, add_turn, make_conversation, make_persona
from tests.frame_rows import (
    FOLDER,
    FRAMES,
    MESSAGE,
    MODEL,
    PERSONA,
    frame_of,
    named_fields,
)

SECRET = "What nobody else may read"
# No field of any frame takes these, but true where it says yes or no.
NO_VALUES = (True, -1, 0.5, 2**63, {"x": 1}, ["x", "y", "z"])
# What is about no conversation, and so answers everybody the same.
ABOUT_NOTHING = {"ack", "list.sync"}
# How what is not for somebody is refused where it is looked up, by what it is.
CODES = {PERSONA: "no_persona", MODEL: "no_model", FOLDER: "no_folder"}


class FrameTableTests(ChatTestCase):
    def test_every_frame_and_every_field_of_it_has_its_row(self):
        known = {
            kind: set(fields) | set(frames.OPTIONAL.get(kind, {}))
            for kind, fields in frames.REQUIRED.items()
        }
        self.assertEqual({kind: set(row) for kind, row in FRAMES.items()}, known)

    def test_what_names_a_row_is_marked_as_such(self):
        """Whatever is cleaned as an id, a slug or ids is a name of something."""
        naming = {"_id", "_optional_id", "_name", "_seqs", "clean_all"}
        for kind in FRAMES:
            optional = frames.OPTIONAL.get(kind, {}).items()
            cleaners = frames.REQUIRED[kind] | {n: found[0] for n, found in optional}
            names = [n for n, cleaner in cleaners.items() if cleaner.__name__ in naming]
            self.assertCountEqual(named_fields(kind), names, kind)

    def test_no_field_takes_what_is_none_of_its_values(self):
        names = {MESSAGE: 1, PERSONA: "helper", FOLDER: 1, MODEL: 1}
        for kind in FRAMES:
            frame = frame_of(kind, names)
            frames.parse(frame)
            for field in FRAMES[kind]:
                for value in NO_VALUES:
                    if type(value) is type(frame[field]) is bool:
                        continue
                    with self.subTest(kind, field=field, value=value):
                        self.assertRefused(frame | {field: value})
            for field in frames.REQUIRED[kind]:
                with self.subTest(kind, without=field):
                    self.assertRefused({n: v for n, v in frame.items() if n != field})

    def assertRefused(self, frame):
        with self.assertRaises(frames.FrameError) as raised:
            frames.parse(frame)
        self.assertEqual(raised.exception.code, "bad_field")


class FrameTestCase(ChatTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.question.text = cls.question.html = SECRET
        cls.question.save()
        cls.alices = cls.names_of(cls.alice, cls.conversation)
        cls.mine = make_conversation(cls.bob, cls.persona)
        add_turn(cls.mine, "My own", "Of course.")
        cls.bobs = cls.names_of(cls.bob, cls.mine)
        cls.model = LanguageModel.objects.default()
        members = make_persona("members")
        members.groups.add(Group.objects.create(name="Members"))

    @classmethod
    def names_of(cls, user, conversation):
        folder = user.folders.create(name="Work")
        names = {MESSAGE: conversation.head_id, FOLDER: folder.pk}
        return names | {PERSONA: cls.persona.slug, MODEL: None}

    def post(self, frame, conversation_id):
        url = reverse("conversations:conversation_frames", args=[conversation_id])
        return self.client.post(url, json.dumps(frame), "application/json")

    def state(self, owner):
        """All there is of `owner`, as text that can be compared."""
        conversations = Conversation.objects.filter(owner=owner)
        messages = Message.objects.filter(conversation__owner=owner)
        generations = Generation.objects.filter(message__conversation__owner=owner)
        rows = [*conversations, *messages, *generations, *owner.folders.all()]
        return serialize("json", rows)


class ForeignConversationTests(FrameTestCase):
    """Every frame, sent to alice's conversation with all that it may name of hers."""

    def assertGivesNothing(self):
        before = self.state(self.alice)
        for kind in FRAMES:
            with self.subTest(kind):
                frame = frame_of(kind, self.alices)
                response = self.post(frame, self.conversation.pk)
                self.assertNotIn(SECRET, response.content.decode())
                if kind in ABOUT_NOTHING and response.status_code == 200:
                    (*_, said) = [{"type": "error"}, *response.json()["frames"]]
                    self.assertEqual(said["type"], "error")
                else:
                    self.assertIn(response.status_code, (302, 403, 404))
        self.assertEqual(self.state(self.alice), before)

    def test_who_is_not_signed_in(self):
        self.assertGivesNothing()

    def test_another_person(self):
        self.client.force_login(self.bob)
        self.assertGivesNothing()

    def test_staff(self):
        self.bob.is_staff = self.bob.is_superuser = True
        self.bob.save()
        self.client.force_login(self.bob)
        self.assertGivesNothing()

    def test_who_has_a_link_to_it(self):
        share = self.conversation.shares.create(
            author=self.alice, title="A talk", content=[], audience="chosen"
        )
        share.readers.add(self.bob)
        self.client.force_login(self.bob)
        self.assertGivesNothing()

    def test_who_was_asked_and_has_not_joined(self):
        Participant.objects.create(conversation=self.conversation, user=self.bob)
        Conversation.objects.update(has_people=True)
        self.client.force_login(self.bob)
        self.assertGivesNothing()

    def test_who_took_part_and_does_no_more(self):
        self.test_who_was_asked_and_has_not_joined()
        Participant.objects.all().delete()
        self.assertGivesNothing()

    def assertTaken(self, names):
        for kind in FRAMES:
            with self.subTest(kind):
                response = self.post(frame_of(kind, names), self.conversation.pk)
                self.assertEqual(response.status_code, 200)

    def test_whose_it_is(self):
        """The frames do work: sent by whose conversation it is, they are taken."""
        self.client.force_login(self.alice)
        self.assertTaken(self.alices)

    def test_who_takes_part(self):
        """They say and ask as its owner does, and are given nothing else of hers."""
        now = timezone.now()
        self.conversation.participants.create(user=self.bob, joined_at=now)
        Conversation.objects.update(has_people=True)
        self.client.force_login(self.bob)
        owned = Conversation.objects.filter(owner=self.alice)
        before = list(owned.values("pk", "title", "folder", "read_at"))
        self.assertTaken(self.alices)
        after = list(owned.values("pk", "title", "folder", "read_at"))
        self.assertEqual(after, before)
        said = self.conversation.messages.filter(author=self.bob, text="Hi")
        self.assertTrue(said.exists())
        own_words = self.conversation.messages.get(pk=self.question.pk)
        self.assertEqual(own_words.text, SECRET)


class ForeignNameTests(FrameTestCase):
    """Bob's own conversation; one field at a time names what is not his."""

    def setUp(self):
        self.client.force_login(self.bob)
        self.foreign = self.alices | {PERSONA: "members", MODEL: self.model.pk}

    def test_no_field_leads_to_what_is_not_ones_own(self):
        for kind in FRAMES:
            for field in named_fields(kind):
                with self.subTest(kind, field=field):
                    self.assertLeadsNowhere(kind, field)

    def assertLeadsNowhere(self, kind, field):
        conversation = self.mine.pk
        without = ()
        if kind == "message.send" and field != "parent":  # of the first message only
            conversation, without = uuid.uuid4(), ("parent",)
        frame = frame_of(kind, self.bobs, {field: self.foreign}, without)
        if kind == "message.send":
            frame.setdefault("parent", None)
        before = self.state(self.alice), self.state(self.bob)
        response = self.post(frame, conversation)
        self.assertEqual((self.state(self.alice), self.state(self.bob)), before)
        self.assertNotIn(SECRET, response.content.decode())
        if response.status_code == 200 and kind not in {"sync", "ack"}:
            (said,) = response.json()["frames"]
            self.assertEqual(said["type"], "error")
            if code := CODES.get(FRAMES[kind][field].kind):
                self.assertEqual(said["code"], code)

    def test_fields_that_are_nobodys_business_are_refused(self):
        more = {"owner": self.alice.pk, "is_staff": True, "price": 0, "author": 1}
        for kind in FRAMES:
            for field, value in more.items():
                with self.subTest(kind, field=field):
                    frame = frame_of(kind, self.bobs) | {field: value}
                    before = self.state(self.bob)
                    (said,) = self.post(frame, self.mine.pk).json()["frames"]
                    self.assertEqual(said["code"], "unknown_field")
                    self.assertEqual(self.state(self.bob), before)
