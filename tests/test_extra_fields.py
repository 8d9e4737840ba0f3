"""What nobody asked for has no effect: `owner`, `is_staff`, `model`, `price`, anywhere.

Every address of the site is asked with fields that its form does not have, and every
frame with fields that are not its own.
"""

import uuid

from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from conversations.models import (
    Budget,
    Conversation,
    Folder,
    Generation,
    GroupLimits,
    LanguageModel,
    Message,
    Snippet,
    Transfer,
    UsageEntry,
    User,
)
from conversations.protocol import frames
from conversations.views.settings import PARTS
from tests import test_access, test_access_bodies
from tests.address_rows import ADDRESSES, OPEN, OWN, OWNER, PLACE, TOGETHER
from tests.usage.base import make_budget, make_model

FIELDS_OF_FRAMES = ("owner", "is_staff", "price", "cost_micros", "asked_by", "user")


class ExtraFieldTests(test_access.AccessTests):
    """Alice asks; nothing may become bob's, dearer, cheaper or more."""

    def setUp(self):
        self.group = Group.objects.create(name="In charge")
        self.dear = make_model("dear")
        make_budget(1_000_000, user=self.alice)
        GroupLimits.objects.create(group=self.group, messages_per_minute=5)
        permissions = Permission.objects.values_list("pk", flat=True)
        self.extra = {
            **dict.fromkeys(("owner", "user", "author", "asked_by"), self.bob.pk),
            **dict.fromkeys(("owner_id", "user_id", "author_id"), self.bob.pk),
            **dict.fromkeys(("is_staff", "is_superuser", "is_active"), "on"),
            "groups": [self.group.pk],
            "user_permissions": list(permissions),
            "model": self.dear.pk,
            **dict.fromkeys(("price", "prompt_price", "completion_price"), "0"),
            **dict.fromkeys(("cost_micros", "amount", "used", "budget"), "999999999"),
            "messages_per_minute": "999999",
            "state": "settled",
        }
        self.client.force_login(self.alice)

    def url_of(self, name):
        self.prepare(name)
        arguments = self.arguments(name, self.conversation.pk, self.reply.pk)
        return reverse(f"conversations:{name}", args=arguments)

    def facts(self):
        """What must be as it was."""
        people = User.objects.filter(pk__in=[self.alice.pk, self.bob.pk])
        people = people.order_by("pk", "groups", "user_permissions")
        rights = "pk", "is_staff", "is_superuser", "groups", "user_permissions"
        return {
            "rights": list(people.values_list(*rights)),
            "prices": list(LanguageModel.objects.filter(pk=self.dear.pk).values()),
            "budgets": list(Budget.objects.values()),
            "limits": list(GroupLimits.objects.values()),
            "asked": list(Generation.objects.filter(model=self.dear)),
            "entries": list(UsageEntry.objects.values()),
            "written": list(Message.objects.filter(author=self.bob)),
            "bobs": [
                kind.objects.filter(owner=self.bob).count()
                for kind in (Conversation, Folder, Snippet, Transfer)
            ],
        }

    def test_no_form_takes_them(self):
        """Each address is posted to as its page does, and more."""
        kinds = (OWN, OWNER, TOGETHER)
        for name in self.names(*kinds, PLACE):
            if name == "conversation_frames":
                continue
            point = transaction.savepoint()
            with self.subTest(name):
                url, before = self.url_of(name), self.facts()
                data = ADDRESSES[name][2] | self.extra
                self.assertLess(self.client.post(url, data).status_code, 500)
                self.assertEqual(self.facts(), before)
            transaction.savepoint_rollback(point)

    def test_no_text_breaks_what_is_asked(self):
        """NUL, which no database takes for text, in every field and every query."""
        sent = dict.fromkeys(test_access_bodies.all_fields(), "\0")
        kinds = (OWN, OWNER, TOGETHER)
        for name in self.names(*kinds, OPEN):
            if name == "conversation_frames":
                continue
            for ask in (self.client.get, self.client.post):
                point = transaction.savepoint()
                with self.subTest(name, ask=ask.__name__):
                    self.assertLess(ask(self.url_of(name), sent).status_code, 500)
                transaction.savepoint_rollback(point)

    def test_nor_does_any_section_of_the_settings(self):
        sent = {
            "appearance": {"theme": "dark", "text_size": "large"},
            "language": {"language": "ko", "time_zone": "Asia/Seoul"},
            "writing": {"send_key": "ctrl"},
            "theme": {"theme": "dark"},
        }
        self.assertEqual(sent.keys(), PARTS.keys())
        before = self.facts()
        for section, data in sent.items():
            with self.subTest(section):
                url = reverse("conversations:settings_save", args=[section])
                response = self.client.post(url, data | self.extra)
                self.assertEqual(response.status_code, 302)
                self.assertEqual(self.facts(), before)

    def test_nor_does_signing_up(self):
        self.client.logout()
        cache.clear()  # the limits on tries
        password = "quite another horse"
        who = {"username": "dave", "email": "dave@example.org"}
        who |= {"password1": password, "password2": password}
        self.client.post(reverse("account_signup"), who | self.extra)
        dave = User.objects.get(username="dave")
        self.assertFalse(dave.is_staff or dave.is_superuser)
        self.assertFalse(dave.groups.exists() or dave.user_permissions.exists())

    def test_no_frame_takes_them(self):
        for kind in frames.REQUIRED:
            own = frames.REQUIRED[kind].keys() | frames.OPTIONAL.get(kind, {}).keys()
            for field in {*FIELDS_OF_FRAMES, "model"} - own:
                with self.subTest(kind, field=field):
                    with self.assertRaises(frames.FrameError) as raised:
                        frames.parse({"type": kind, field: 1})
                    self.assertEqual(raised.exception.code, "unknown_field")

    def test_a_model_is_for_who_edits_personas_to_choose(self):
        url = reverse("conversations:conversation_frames", args=[self.conversation.pk])
        frame = {
            "type": "reply.regenerate",
            "message": self.reply.pk,
            "model": self.dear.pk,
        }
        answer = self.client.post(url, frame, content_type="application/json").json()
        self.assertEqual(answer["frames"][0]["code"], "no_model")

    def test_a_message_is_its_senders_whatever_it_says(self):
        chat = uuid.uuid4()
        url = reverse("conversations:message_send", args=[chat])
        self.client.post(url, {"text": "Hi", "persona": "helper"} | self.extra)
        conversation = Conversation.objects.get(pk=chat)
        self.assertEqual(conversation.owner, self.alice)
        generation = conversation.head.generation
        self.assertEqual(generation.asked_by, self.alice)
        self.assertNotEqual(generation.model, self.dear)


# What it inherits is how addresses are asked, not what is asked of them there.
for _name in dir(test_access.AccessTests):
    if _name.startswith("test_"):
        setattr(ExtraFieldTests, _name, None)
