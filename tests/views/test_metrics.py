"""Who may read the figures."""

from unittest import mock

from django.test import SimpleTestCase, override_settings

from conversations import metrics
from conversations.views.metrics import constant_time_compare

URL = "/metrics"


@override_settings(METRICS_TOKEN="")
class MetricsFromHereTests(SimpleTestCase):
    def status(self, peer="127.0.0.1", **headers):
        response = self.client.get(URL, REMOTE_ADDR=peer, headers=headers)
        return response.status_code

    def test_this_machine_reads_them(self):
        for peer in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"):
            with self.subTest(peer):
                self.assertEqual(self.status(peer), 200)

    def test_other_machines_do_not(self):
        for peer in ("10.0.0.5", "192.0.2.1", "2001:db8::1", "::ffff:10.0.0.5", ""):
            with self.subTest(peer):
                self.assertEqual(self.status(peer), 404)

    def test_nor_do_they_through_a_proxy_on_this_machine(self):
        for name in (
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "X-Forwarded-Host",
            "X-Real-IP",
            "Via",
        ):
            with self.subTest(name):
                self.assertEqual(self.status(**{name: "127.0.0.1"}), 404)

    def test_nor_does_a_page_of_another_name_in_a_browser_here(self):
        self.assertEqual(self.status(Host="evil.example"), 404)

    def test_a_token_does_not_help_where_none_is_set(self):
        for given in ("Bearer", "Bearer ", "Bearer x"):
            with self.subTest(given):
                self.assertEqual(self.status("10.0.0.5", Authorization=given), 404)


@override_settings(METRICS_TOKEN="sesame")
class MetricsWithTokenTests(SimpleTestCase):
    def status(self, authorization=None, peer="10.0.0.5", **headers):
        if authorization is not None:
            headers["Authorization"] = authorization
        response = self.client.get(URL, REMOTE_ADDR=peer, headers=headers)
        return response.status_code

    def test_who_has_it_reads_them_from_anywhere(self):
        self.assertEqual(self.status("Bearer sesame"), 200)
        self.assertEqual(self.status("bearer sesame"), 200)
        self.assertEqual(self.status("Bearer sesame", **{"X-Forwarded-For": "a"}), 200)
        self.assertEqual(self.status("Bearer sesame", Host="10.0.0.9:8000"), 200)

    def test_who_has_not_does_not(self):
        for given in (
            None,
            "",
            "sesame",
            "Bearer",
            "Bearer ",
            "Bearer sesam",
            "Bearer sesame2",
            "Bearer sésame",
            "Basic sesame",
        ):
            with self.subTest(given):
                self.assertEqual(self.status(given), 404)

    def test_not_even_from_this_machine(self):
        self.assertEqual(self.status(peer="127.0.0.1"), 404)

    def test_it_does_not_work_in_the_address(self):
        response = self.client.get(f"{URL}?token=sesame", REMOTE_ADDR="10.0.0.5")
        self.assertEqual(response.status_code, 404)

    def test_it_is_compared_in_constant_time(self):
        compare = "conversations.views.metrics.constant_time_compare"
        with mock.patch(compare, wraps=constant_time_compare) as compared:
            self.status("Bearer wrong")
        compared.assert_called_once_with("wrong", "sesame")


class MetricsListTests(SimpleTestCase):
    def test_they_are_what_prometheus_reads(self):
        metrics.frame_sent(100)
        response = self.client.get(URL)
        self.assertTrue(response["Content-Type"].startswith("text/plain; version="))
        self.assertContains(response, "chatsite_frames_sent_total ")
        self.assertIn("no-store", response["Cache-Control"])
