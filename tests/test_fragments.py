from django.template import Context, Template
from django.test import SimpleTestCase
from django.utils import translation

NAME = "conversations/_thread_notices.html"
LOOK = "is_staff=is_staff has_people=people"
NOTICES = f'{{% load fragments %}}{{% drawn_once "{NAME}" {LOOK} %}}'


class FragmentsTests(SimpleTestCase):
    def drawn(self, *, is_staff=False, people=False):
        context = Context({"is_staff": is_staff, "people": people})
        return Template(NOTICES).render(context)

    def test_what_is_drawn_once_is_so_for_each_who_sees_another(self):
        plain, staff, together = (
            "Your network lets no live connection through",
            "WebSockets do not reach this site",
            "Another version was added.",
        )
        for shown, missing, html in (
            ([plain], [staff, together], self.drawn()),
            ([staff], [plain, together], self.drawn(is_staff=True)),
            ([plain, together], [staff], self.drawn(people=True)),
        ):
            self.assertEqual([text for text in shown if text not in html], [])
            self.assertEqual([text for text in missing if text in html], [])

    def test_each_reads_it_in_their_language(self):
        english, indonesian = "You are signed out.", "Anda sudah keluar."
        for language in ("en", "id", "en"):
            with translation.override(language):
                html = self.drawn()
            self.assertEqual(english in html, language == "en")
            self.assertEqual(indonesian in html, language == "id")
