"""What is odd in one conversation of our own format costs no other, nor its words."""

from django.utils import timezone

from tests.transfer.cases import ImportTestCase
from tests.transfer.packing import sample


def said(text, **fields):
    role = "assistant" if text.startswith("A") else "user"
    state = "finished" if role == "assistant" else "sent"
    return {"role": role, "text": text, "state": state} | fields


def talk(*messages, **fields):
    return sample("chatsite") | {"id": "", "messages": list(messages)} | fields


class OddTests(ImportTestCase):
    def texts(self):
        (conversation,) = self.taken()
        return list(conversation.messages.order_by("pk").values_list("text", flat=True))

    def test_any_text_or_number_is_the_id_of_a_message(self):
        long = "x" * 101
        self.take(
            talk(
                said("Q1", id="frage eins", parent=None),
                said("A1", id="réponse", parent="frage eins"),
                said("Q2", id=1.5, parent="réponse"),
                said("A2", id=long, parent=1.5),
                head=long,
            )
        )
        self.assertEqual(self.texts(), ["Q1", "A1", "Q2", "A2"])
        (conversation,) = self.taken()
        self.assertEqual(conversation.head.text, "A2")

    def test_what_has_no_id_or_that_of_another_is_kept(self):
        first, second = said("Q1", id=1), said("A1", id=2, parent=1)
        again, nameless = said("A2", id=2, parent=1), said("A3", parent=1)
        self.take(talk(first, second, again, nameless, head=2))
        self.assertEqual(self.texts(), ["Q1", "A1", "A2", "A3"])

    def test_what_is_told_to_be_said_in_the_future_was_said_by_now(self):
        to_come = "2099-01-01T00:00:00Z"
        self.take(talk(said("Q", id=1), said("A", id=2, parent=1, created_at=to_come)))
        (conversation,) = self.taken()
        for message in conversation.messages.all():
            self.assertLessEqual(message.created_at, timezone.now())

    def test_a_name_that_no_database_keeps_ends_nothing(self):
        for slug in ("help\ud800er", "help\0er"):
            persona = {"slug": slug, "version": 1}
            answer = said("A", id=2, parent=1, persona=persona)
            asked = said("Q", id=1, parent=None)
            settings = {
                "format": "chatsite settings",
                "settings": {"default_persona": slug},
                "folders": [{"name": repr(slug), "persona": slug}],
            }
            told = talk(asked, answer, title=repr(slug), persona=persona)
            self.assertEqual(self.take([settings, told])["made"], 1)
