"""What is no number, or one that no row can have, where the id of a row belongs."""

from django.urls import reverse

from conversations.models import User
from tests.admin.base import AdminTestCase
from tests.base import add_turn

HUGE = ["9" * 19, "9" * 30]
ODD = [*HUGE, "9" * 5000, "-1", "\u00b2", "\u0663", "1e9", "x", ""]


class OddNumberTests(AdminTestCase):
    def test_no_address_breaks(self):
        self.client.force_login(self.alice)
        add_turn(self.conversation, "Hi", "Hello.")
        page = self.conversation.get_absolute_url()
        listed = reverse("conversations:conversation_list")
        addresses = [
            f"{page}?message=",
            f"{page}messages/?before=",
            f"{page}export/json/?message=",
            f"{listed}?folder=",
            f"{listed}?before=",
        ]
        for address in addresses:
            for number in ODD:
                with self.subTest(address, number=number[:30]):
                    response = self.client.get(f"{address}{number}")
                    self.assertIn(response.status_code, (200, 404))

    def test_no_cookie_breaks_the_list(self):
        self.client.force_login(self.alice)
        self.client.cookies["open_folders"] = ".".join(["\u00b2", "x", "", *HUGE])
        response = self.client.get(reverse("conversations:conversation_list"))
        self.assertEqual(response.status_code, 200)

    def check_answered(self, url, **sent):
        for number in HUGE:
            with self.subTest(url, number=number):
                filled = {name: value or [number] for name, value in sent.items()}
                response = self.client.post(url, filled)
                self.assertIn(response.status_code, (200, 302, 400))

    def test_no_box_that_is_ticked_breaks_a_page(self):
        for name in ("personas", "language_models", "permissions"):
            self.check_answered(reverse("admin:auth_group_add"), **{name: None})

    def test_no_row_that_is_chosen_breaks_a_list(self):
        url = reverse("admin:conversations_user_changelist")
        removal = {"action": "delete_selected", "_selected_action": None}
        self.check_answered(url, **removal)
        self.assertTrue(User.objects.filter(pk=self.bob.pk).exists())
