"""Who wrote what an import brings in; and what was once exported from here."""

import json
import uuid
from datetime import timedelta

from django.utils import timezone

from conversations.models import (
    Conversation,
    Folder,
    Generation,
    Message,
    Persona,
)
from conversations.transfer import native
from tests.base import add_turn, make_conversation, make_persona
from tests.transfer.cases import ImportTestCase
from tests.transfer.packing import (
    sample,
    talk,
)


class PersonaTests(ImportTestCase):
    def test_each_source_has_one_persona_nobody_can_talk_to(self):
        self.take([talk(1), talk(2)])
        self.take([talk(1)], self.bob)
        persona = Persona.objects.get(slug="from-chatgpt")
        self.assertEqual((persona.name, persona.state), ("ChatGPT", "retired"))
        self.assertEqual(persona.versions.count(), 1)
        self.assertNotIn(persona, Persona.objects.usable_by(self.alice))

    def test_an_imported_conversation_goes_on_with_a_persona_of_the_owner(self):
        self.take([talk()])
        self.assertEqual(self.taken()[0].persona, self.persona)

    def test_where_no_persona_can_be_used_it_stays_with_its_own(self):
        Persona.objects.update(state=Persona.State.RETIRED)
        self.take([talk()])
        self.assertEqual(self.taken()[0].persona.slug, "from-chatgpt")

    def test_a_persona_of_ours_is_cited_only_where_its_owner_has_met_it(self):
        secret = make_persona("secret")
        Persona.objects.filter(pk=secret.pk).update(state=Persona.State.DRAFT)
        replies = [
            {
                "id": 2 + place,
                "parent": 1,
                "role": "assistant",
                "text": "Hm",
                "persona": {"slug": slug, "name": "X", "version": number},
            }
            for place, (slug, number) in enumerate(
                [("helper", 1), ("helper", 7), ("secret", 1), ("gone", 1)]
            )
        ]
        asked = {"id": 1, "parent": None, "role": "user", "text": "Hi"}
        self.take(sample("chatsite") | {"messages": [asked, *replies]})
        found = Generation.objects.filter(message__conversation=self.taken()[0])
        self.assertEqual(
            [g.persona_version.persona.slug for g in found.order_by("message")],
            ["helper", "from-chatsite", "from-chatsite", "from-chatsite"],
        )


class OwnExportTests(ImportTestCase):
    def dump(self, conversation):
        messages = conversation.messages.for_display()
        return json.loads(json.dumps(native.dump(conversation, messages)))

    def full(self):
        """Return a conversation with branches, thoughts, and replies that stopped."""
        conversation = make_conversation(
            self.alice,
            self.persona,
            title="Branches",
            folder=Folder.objects.create(owner=self.alice, name="Trees"),
            pinned_at=timezone.now(),
            created_at=timezone.now() - timedelta(days=3),
        )
        asked, _ = add_turn(conversation, "One?", "  First.\n")
        stopped = Message.objects.create(
            conversation=conversation,
            parent=asked,
            role="assistant",
            text="Sec",
            reasoning="Hm",
        )
        Generation.objects.create(
            message=stopped,
            persona_version=self.persona.version,
            model_name="m-1",
            state="stopped",
        )
        add_turn(conversation, "Two?", "Third\nwith `code`.")
        conversation.refresh_from_db()
        return conversation

    def comparable(self, dumped):
        """Return what must be equal: all but the keys of rows, which are places."""
        places = {m["id"]: place for place, m in enumerate(dumped["messages"])}
        messages = [
            m | {"id": places[m["id"]], "parent": places.get(m["parent"])}
            for m in dumped["messages"]
        ]
        return dumped | {"messages": messages, "head": places[dumped["head"]]}

    def test_what_went_out_comes_back_whole(self):
        conversation = self.full()
        went_out = self.dump(conversation)
        Conversation.objects.filter(pk=conversation.pk).delete()
        Folder.objects.all().delete()
        self.assertEqual(self.take(went_out)["made"], 1)
        came_back = self.dump(Conversation.objects.get(pk=conversation.pk))
        self.assertEqual(self.comparable(came_back), self.comparable(went_out))

    def test_what_is_still_here_is_known(self):
        went_out = self.dump(self.full())
        self.assertEqual(self.take(went_out)["known"], 1)

    def test_what_is_somebody_elses_here_becomes_a_copy(self):
        went_out = self.dump(self.full())
        self.assertEqual(self.take(went_out, self.bob)["made"], 1)
        copy = self.taken(self.bob)[0]
        self.assertNotEqual(str(copy.pk), went_out["id"])
        self.assertEqual(copy.messages.filter(author=self.alice).count(), 0)

    def test_a_reply_without_its_end_says_so_and_can_be_gone_on_with(self):
        for state, told, error in (
            ("interrupted", "", "interrupted"),
            ("cut_off", "length", "length"),
            ("failed", "no such thing", "internal"),
            ("finished", "length", ""),
        ):
            went_out = self.dump(self.conversation)
            went_out["id"] = str(uuid.uuid4())
            went_out["messages"][1] |= {"state": state, "error": told}
            self.take(went_out)
            generation = self.taken()[-1].head.generation
            with self.subTest(state):
                self.assertEqual(generation.error_code, error)
                self.assertEqual(generation.may_continue, bool(error))
            Conversation.objects.exclude(pk=self.conversation.pk).delete()

    def test_what_others_said_in_it_is_not_the_owners(self):
        """The file says so of each message; one that does not goes by their names."""
        went_out = self.dump(self.full())
        went_out["messages"][0] |= {"author": "Somebody else", "own": False}
        unsaid = json.loads(json.dumps(went_out))
        for message in unsaid["messages"]:
            del message["own"]
        for told in (went_out, unsaid):
            told["id"] = str(uuid.uuid4())
            self.take(told)
            first, *others = self.taken()[-1].messages.filter(role="user")
            self.assertIsNone(first.author)
            self.assertEqual({m.author for m in others}, {self.alice})
            Conversation.objects.all().delete()
