"""Every field of a form, and of a query, that names a row: none leads to others'.

Which fields do is read off the forms and the views: a new one without a row here fails.
"""

import inspect
import pkgutil
import re
import uuid
from importlib import import_module

from django import forms
from django.contrib.auth.models import Group
from django.core.serializers import serialize
from django.db import transaction
from django.urls import reverse

from conversations import forms as our_forms
from conversations import views as our_views
from conversations.actions import snapshots
from conversations.models import (
    Conversation,
    Generation,
    LanguageModel,
    Message,
    Share,
    UnsentText,
    User,
)
from tests.base import ChatTestCase, add_turn, make_conversation, make_persona

SECRET = "What nobody else may read"
# What a field names.
MESSAGE, SLUG, PERSONA = "message", "slug", "persona"
FOLDER, MODEL, CONVERSATION = "folder", "model", "conversation"
# What stands in an address: None for nothing, a chat that is new, what is one's own …
NEW, HERE, REPLY, EXPORT = "new", "here", "reply", "export"
OWN_FOLDER, OWN_SHARE, OTHERS_SHARE = "folder", "own share", "others' share"
WRITING, VERSION = "writing", "version"
# By address: its form, what stands in it, what else is sent, which fields name what.
BODIES = {
    "message_send": ("MessageForm", HERE, {"text": "Hi"}, {"parent": MESSAGE}),
    "message_send, first": (
        "MessageForm",
        NEW,
        {"text": "Hi", "persona": "helper"},
        {"persona": SLUG, "folder": FOLDER},
    ),
    "reply_regenerate": ("AskingForm", REPLY, {}, {"persona": SLUG, "model": MODEL}),
    "reply_compare": (
        "ComparingForm",
        REPLY,
        {"first": "one", "persona": "other"},
        {"first": SLUG, "persona": SLUG, "first_model": MODEL, "model": MODEL},
    ),
    "conversation_move": ("MoveForm", HERE, {}, {"folder": FOLDER}),
    "conversation_bulk": ("BulkForm", None, {}, {"conversation": CONVERSATION}),
    "conversation_bulk, moving": ("BulkForm", None, {}, {"folder": FOLDER}),
    "folder_create": ("FolderForm", None, {"name": "New"}, {"persona": PERSONA}),
    "folder_rename": (
        "FolderForm",
        OWN_FOLDER,
        {"name": "New"},
        {"persona": PERSONA},
    ),
    "folder_place": ("PlaceForm", OWN_FOLDER, {}, {"before": FOLDER}),
    "share_create": ("ShareForm", HERE, {"audience": "anyone"}, {"head": MESSAGE}),
    "share_renew": ("RenewForm", OWN_SHARE, {}, {"head": MESSAGE}),
    "share_continue": ("ContinueForm", OTHERS_SHARE, {}, {"persona": SLUG}),
    "settings_save": (
        "WritingForm",
        WRITING,
        {"send_key": "enter"},
        {"default_persona": PERSONA},
    ),
    "unsent_save": ("UnsentForm", None, {"text": "Hi"}, {"conversation": CONVERSATION}),
}
# Made up by the page that sends it: it names nothing that is there.
INVENTED = {("MessageForm", "client_id")}
# Of allauth, whose rows are looked up among one's own: tests/views/test_identity.py.
NOT_OURS = ("factors", "identity", "sign_up", "administrators")
# What views read of a form themselves: addresses, what is signed, and a branch's end,
# which goes through ShareForm.
READ = {"next", "terms", "token", "head"}
QUERIES = {
    "conversation_detail": (HERE, {"message": MESSAGE}),
    "conversation_export": (EXPORT, {"message": MESSAGE}),
    "conversation_new": (None, {"persona": SLUG, "folder": FOLDER}),
    "conversation_list": (None, {"folder": FOLDER}),
    "message_list": (HERE, {"before": MESSAGE}),
    "persona_version": (VERSION, {"message": MESSAGE}),
    "share_create": (HERE, {"head": MESSAGE}),
}
# Words, places in a list, and what is proved in another way.
ASKED = {"q", "next", "key", "branches", "from", "branch"}


def _modules(package):
    for found in pkgutil.iter_modules(package.__path__):
        if found.name not in NOT_OURS:
            yield import_module(f"{package.__name__}.{found.name}")


def forms_of_ours():
    for module in _modules(our_forms):
        for form in vars(module).values():
            if inspect.isclass(form) and form.__module__ == module.__name__:
                yield form.__name__, getattr(form, "base_fields", {})


def _names_a_row(field):
    kinds = (forms.ModelChoiceField, forms.UUIDField, forms.SlugField)
    return isinstance(field, kinds) or type(field) in (forms.IntegerField, forms.Field)


def naming_fields():
    """Return `(form, field)` of all that may name a row, by their names."""
    return {
        (form, name)
        for form, fields in forms_of_ours()
        for name, field in fields.items()
        if _names_a_row(field)
    }


def all_fields():
    """Return the names of all that is read of a request, wherever that is."""
    of_forms = {name for _form, fields in forms_of_ours() for name in fields}
    return of_forms | READ | ASKED | {"persona", "folder"}


def read_by_views(method):
    pattern = re.compile(rf'request\.{method}\.get(?:list)?\("(\w+)"')
    sources = map(inspect.getsource, _modules(our_views))
    return {name for source in sources for name in pattern.findall(source)}


class BodyTableTests(ChatTestCase):
    def test_every_field_that_names_a_row_has_its_row(self):
        told = {(row[0], field) for row in BODIES.values() for field in row[3]}
        self.assertEqual(told | INVENTED, naming_fields())

    def test_views_read_nothing_else(self):
        self.assertEqual(read_by_views("POST"), READ)
        told = {field for _place, fields in QUERIES.values() for field in fields}
        in_a_loop = {"persona"}
        self.assertEqual(read_by_views("GET") | in_a_loop, told | ASKED)


class ForeignNameTests(ChatTestCase):
    """Bob asks for his own; one field at a time names what is not his."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.question.text = cls.question.html = SECRET
        cls.question.save()
        for slug in ("one", "other"):
            make_persona(slug)
        members = make_persona("members")
        members.name = SECRET
        members.save()
        members.groups.add(Group.objects.create(name="Members"))
        cls.mine = make_conversation(cls.bob, cls.persona)
        add_turn(cls.mine, "My own", "Of course.")
        cls.theirs = cls.names_of(cls.alice, cls.conversation, members, SECRET)
        cls.theirs[MODEL] = LanguageModel.objects.default().pk
        cls.own = cls.names_of(cls.bob, cls.mine, cls.persona, "Work")
        cls.play = cls.bob.folders.create(name="Play", position=2)
        fields = {"title": "A talk", "content": []}
        cls.share = cls.mine.shares.create(author=cls.bob, **fields)
        fields["content"] = snapshots.take(
            cls.conversation, cls.conversation.head_id, shows_author=False
        )
        cls.shared = cls.conversation.shares.create(author=cls.alice, **fields)

    @classmethod
    def names_of(cls, user, conversation, persona, name):
        return {
            MESSAGE: conversation.head_id,
            FOLDER: user.folders.create(name=name, position=1).pk,
            CONVERSATION: conversation.pk,
            SLUG: persona.slug,
            PERSONA: persona.pk,
            MODEL: "",
        }

    def setUp(self):
        self.client.force_login(self.bob)

    def url(self, name, place):
        name = name.partition(",")[0]
        arguments = {
            None: [],
            NEW: [uuid.uuid4()],
            HERE: [self.mine.pk],
            REPLY: [self.mine.pk, self.mine.head_id],
            OWN_FOLDER: [self.play.pk],
            OWN_SHARE: [self.share.pk],
            OTHERS_SHARE: [self.shared.token],
            EXPORT: [self.mine.pk, "json"],
            VERSION: ["helper", 1],
            WRITING: ["writing"],
        }[place]
        return reverse(f"conversations:{name}", args=arguments)

    def state(self):
        """All there is of both, as text that can be compared."""
        rows = [
            *User.objects.order_by("pk"),
            *Conversation.objects.order_by("pk"),
            *Message.objects.order_by("pk"),
            *Generation.objects.order_by("pk"),
            *Share.objects.order_by("pk"),
            *UnsentText.objects.order_by("pk"),
            *self.alice.folders.all(),
            *self.bob.folders.all(),
        ]
        return serialize("json", rows)

    def post(self, name, **named):
        _form, place, data, _fields = BODIES[name]
        if "conversation" in named and name == "conversation_bulk":
            named["verb"] = "pin"
        if name == "conversation_bulk, moving":
            named["conversation"] = self.mine.pk
        return self.client.post(self.url(name, place), data | named)

    def test_no_field_leads_to_what_is_not_ones_own(self):
        for name, (_form, _place, _data, fields) in BODIES.items():
            for field, kind in fields.items():
                with self.subTest(name, field=field):
                    before = self.state()
                    response = self.post(name, **{field: self.theirs[kind]})
                    self.assertLess(response.status_code, 500)
                    self.assertNotIn(SECRET, response.content.decode())
                    self.assertEqual(self.state(), before)

    def test_what_is_ones_own_is_taken(self):
        """The forms do work: each, with a name of one's own, changes something."""
        for name, (_form, _place, _data, fields) in BODIES.items():
            for field, kind in fields.items():
                if kind == MODEL:  # for those who edit personas
                    continue
                point = transaction.savepoint()
                with self.subTest(name, field=field):
                    before = self.state()
                    self.post(name, **{field: self.own[kind]})
                    self.assertNotEqual(self.state(), before)
                transaction.savepoint_rollback(point)

    def test_no_query_shows_what_is_not_ones_own(self):
        for name, (place, fields) in QUERIES.items():
            for field, kind in fields.items():
                with self.subTest(name, field=field):
                    url = self.url(name, place)
                    response = self.client.get(url, {field: self.theirs[kind]})
                    self.assertLess(response.status_code, 500)
                    self.assertNotIn(SECRET, response.getvalue().decode())
