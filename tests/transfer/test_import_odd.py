"""What is odd in one conversation of our own format costs no other, nor its words."""

from tests.transfer.cases import ImportTestCase
from tests.transfer.packing import sample


def said(text, **fields):
    role = "assistant" if text.startswith("A") else "user"
    state = "finished" if role == "assistant" else "sent"
    return {"role": role, "text": text, "state": state} | fields


def talk(*messages, **fields):
    return sample("chatsite") | {"id": "", "messages": list(messages)} | fields


class OddTests(ImportTestCase):
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
