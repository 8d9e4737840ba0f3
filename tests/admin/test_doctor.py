"""The doctor as a page: for who administers the site, and nobody else."""

from unittest import mock
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from conversations.doctor import Line, Section, Verdict
from conversations.doctor.findings import ok, wrong

from .base import AdminTestCase

PAGE = reverse("admin:doctor")
HOST = urlsplit(settings.SITE_URL).netloc


class DoctorPageTests(AdminTestCase):
    def examined(self, *findings):
        """Have this come of an examination; return what stands in for it."""
        sections = [
            Section("proxy", "The proxy", []),
            Section("thing", "The thing", [Line("thing.one", f) for f in findings]),
        ]
        return self.enterContext(
            mock.patch("conversations.doctor.examine", return_value=sections)
        )

    def test_it_says_what_is_wrong_and_how_to_repair_it(self):
        self.examined(wrong("Gone.", "Fetch <it>."), ok("Here."))
        response = self.client.get(PAGE, headers={"Host": HOST})
        self.assertContains(response, "1 thing is wrong.")
        self.assertContains(response, "Fetch &lt;it&gt;.")
        self.assertContains(response, "The thing")

    def test_a_page_that_is_only_looked_at_asks_nobody_else(self):
        examine = self.examined()
        self.client.get(PAGE)
        examine.assert_called_once_with(far=False)
        self.client.post(PAGE)
        examine.assert_called_with(far=True)

    def test_its_own_request_came_the_way_of_all(self):
        self.examined()
        headers = {"Host": "localhost", "X-Forwarded-For": "192.0.2.7"}
        [section] = self.client.get(PAGE, headers=headers).context["sections"]
        self.assertEqual(
            [line.finding.verdict for line in section.lines],
            [Verdict.WRONG, Verdict.OK, Verdict.WARNING],
        )

    def test_staff_who_do_not_administer_the_site_are_refused(self):
        examine = self.examined()
        self.become(self.carol, "view_persona", "view_sitesettings")
        self.assertEqual(self.client.get(PAGE).status_code, 403)
        self.assertEqual(self.client.post(PAGE).status_code, 403)
        examine.assert_not_called()
        self.assertNotContains(self.client.get(reverse("admin:index")), PAGE)
        self.become(self.carol, "change_sitesettings")
        self.assertEqual(self.client.get(PAGE).status_code, 200)

    def test_others_are_sent_away(self):
        self.client.force_login(self.alice)
        self.assertEqual(self.client.get(PAGE, follow=True).status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.get(PAGE).status_code, 302)
