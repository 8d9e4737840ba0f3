"""Who finds the site at another address is told the line to write, and no more."""

from django.test import Client, TestCase, override_settings
from django.urls import reverse

from tests.base import ChatTestCase


@override_settings(ALLOWED_HOSTS=["chat.example.org"])
class WrongHostTests(TestCase):
    def ask(self, host, **headers):
        return self.client.get("/", headers={"host": host, **headers})

    def test_it_names_the_line_to_change(self):
        response = self.ask("192.168.1.5:8000")
        self.assertEqual(response.status_code, 400)
        self.assertContains(
            response, "<code>SITE_URL=http://192.168.1.5:8000</code>", status_code=400
        )
        self.assertNotContains(response, "ALLOWED_HOSTS", status_code=400)
        self.assertNotContains(response, "chat.example.org", status_code=400)

    def test_behind_a_proxy_it_is_what_the_browser_asked_for(self):
        headers = {"x-forwarded-proto": "https"}
        response = self.ask("chat.example.com", **headers)
        self.assertContains(
            response, "<code>SITE_URL=https://chat.example.com</code>", status_code=400
        )

    def test_where_the_hosts_are_listed_that_line_is_named_too(self):
        with self.settings(ALLOWED_HOSTS_ARE_SET=True):
            response = self.ask("chat.example.com:81")
        self.assertContains(
            response, "<code>ALLOWED_HOSTS=…,chat.example.com</code>", status_code=400
        )

    def test_what_is_no_address_is_not_repeated(self):
        for host in (
            "<script>alert(1)</script>",
            'a"b',
            "a\\b",
            "x" * 300,
            "a b",
            "a[",
            "[1]",
        ):
            response = self.ask(host)
            self.assertEqual(response.status_code, 400)
            for words in ("SITE_URL", "script>alert", "xxx"):
                self.assertNotContains(response, words, status_code=400)

    def test_it_speaks_the_language_of_the_browser(self):
        response = self.ask("elsewhere.example", **{"accept-language": "ko"})
        self.assertContains(response, 'lang="ko"', status_code=400)


class UnreadableTests(TestCase):
    def test_a_form_in_signs_that_nobody_reads_is_a_bad_request(self):
        kind = "application/x-www-form-urlencoded; charset=utf-7"
        client = Client(enforce_csrf_checks=True)
        client.get("/accounts/login/")
        response = client.post("/accounts/login/", "login=x", content_type=kind)
        self.assertContains(response, "That was not understood", status_code=400)


class WrongOriginTests(ChatTestCase):
    def post(self, origin):
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.alice)
        client.get("/settings/")
        address = reverse("conversations:settings_save", args=["theme"])
        token = client.cookies["csrftoken"].value
        data = {"theme": "dark", "csrfmiddlewaretoken": token}
        return client.post(address, data, headers={"origin": origin})

    def test_our_own_page_behind_a_proxy_is_told_the_line(self):
        """The proxy speaks HTTPS, and SITE_URL knows nothing of that."""
        response = self.post("https://testserver")
        self.assertEqual(response.status_code, 403)
        self.assertContains(
            response, "<code>SITE_URL=https://testserver</code>", status_code=403
        )

    def test_a_page_of_somebody_else_gets_no_advice(self):
        for origin in (
            "https://evil.example",
            "null",
            "https://testserver.evil.example",
        ):
            response = self.post(origin)
            self.assertEqual(response.status_code, 403)
            self.assertNotContains(response, "SITE_URL", status_code=403)
            self.assertNotContains(response, "evil", status_code=403)

    def test_without_an_origin_it_is_the_usual_page(self):
        response = Client(enforce_csrf_checks=True).post("/accounts/login/")
        self.assertContains(response, "The page was open too long", status_code=403)

    def test_administrators_see_why_no_socket_opens(self):
        self.client.force_login(self.alice)
        self.assertNotContains(self.client.get("/"), "SITE_URL=")
        self.alice.is_staff = True
        self.alice.save()
        self.assertContains(self.client.get("/"), "SITE_URL=http://testserver")
        with self.settings(SITE_ORIGINS=["http://testserver"]):
            self.assertNotContains(self.client.get("/"), "SITE_URL=")
