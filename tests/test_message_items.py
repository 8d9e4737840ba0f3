from django.utils import translation

from conversations import thread
from conversations.models import Failure, Generation, Message
from conversations.templatetags.messages import message_items
from tests.base import ChatTestCase, add_turn

State = Generation.State


class MessageItemsTests(ChatTestCase):
    def drawn(self, **changes):
        """Return the reply as a page shows it, with its generation changed so."""
        Generation.objects.filter(message=self.reply).update(**changes)
        self.conversation.refresh_from_db()
        conversation = self.conversation.seen_by(self.alice.pk)
        return message_items(thread.show_messages(conversation, [self.reply.pk]))

    def test_each_has_what_it_can_do_whatever_was_drawn_before(self):
        stop, again, go_on = (f"{verb}/" for verb in ("stop", "regenerate", "continue"))
        for changes, there, missing in (
            ({"state": State.FINISHED}, [again], [stop, go_on, "outcome"]),
            ({"state": State.RUNNING}, [stop], [again, go_on]),
            ({"state": State.STOPPED}, [again, go_on, "Stopped"], [stop]),
            (
                {"state": State.FAILED, "error_code": Failure.UNREACHABLE},
                [again, "outcome--failed", str(Failure.UNREACHABLE.label)],
                [stop, "Stopped", "Regenerate this reply"],
            ),
        ):
            html = self.drawn(**{"error_code": "", **changes})
            with self.subTest(**changes):
                self.assertEqual([t for t in there if t not in html], [])
                self.assertEqual([m for m in missing if m in html], [])

    def test_each_names_its_own_model_and_time_to_think(self):
        for model, seconds in (("first", 2), ("<second>", 3), ("", None)):
            html = self.drawn(model_name=model, reasoning_ms=seconds and seconds * 1000)
            with self.subTest(model=model):
                self.assertEqual('<span dir="ltr">first' in html, model == "first")
                self.assertEqual("&lt;second&gt;" in html, model == "<second>")
                for shown in (2, 3):
                    told = f"Thought for {shown} s" in html
                    self.assertEqual(told, shown == seconds)

    def test_each_reader_has_their_language(self):
        english, indonesian = "Regenerate this reply", "Buat ulang balasan ini"
        for language in ("en", "id", "en"):
            with translation.override(language):
                html = self.drawn()
            self.assertEqual(english in html, language == "en")
            self.assertEqual(indonesian in html, language == "id")

    def test_what_looks_like_the_name_of_a_value_stays(self):
        self.persona.name = "{pk} {0} {"
        self.persona.save()
        asked, reply = add_turn(self.conversation, "{url} {body}", "{state} }")
        conversation = self.conversation.seen_by(self.alice.pk)

        html = message_items(thread.show_messages(conversation, [asked.pk, reply.pk]))

        for text in ("{pk} {0} {", "{url} {body}", "{state} }"):
            self.assertIn(text, html)

    def test_names_are_no_markup(self):
        self.persona.name, self.bob.first_name = "<b>Ada</b>", "<i>Bob</i>"
        self.persona.save()
        self.bob.save()
        Message.objects.filter(pk=self.question.pk).update(author=self.bob)
        self.conversation.has_people = True

        shown = [self.question.pk, self.reply.pk]
        html = message_items(thread.show_messages(self.conversation, shown))

        self.assertNotRegex(html, "<[bi]>")
        self.assertIn("&lt;b&gt;Ada", html)
        self.assertIn("&lt;i&gt;Bob", html)
