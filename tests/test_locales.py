"""Everybody is spoken to in their language, from the side on which it begins."""

import re
from datetime import UTC, datetime

from django.conf import settings
from django.core import mail
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format

from conversations import locales
from conversations.actions.shares import create_share
from tests.base import ChatTestCase


class WhoseLanguageTests(ChatTestCase):
    def page(self, *, accept="", cookie=""):
        if cookie:
            self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
        return self.client.get("/accounts/login/", headers={"accept-language": accept})

    def language(self, **asked):
        return re.search(r'<html lang="([\w-]+)"', self.page(**asked).text)[1]

    def test_the_browser_says(self):
        said = {
            "id": "id",
            "id-ID,id;q=0.9,en;q=0.8": "id",
            "zh-CN,zh;q=0.9": "zh-hans",
            "zh": "zh-hans",
            "zh-TW,zh;q=0.9": "zh-hant",
            "zh-HK": "zh-hant",
            "ko-KR,ko;q=0.9": "ko",
            "fr-FR,ko;q=0.5": "ko",
            "fr": "en",
            "": "en",
            "x" * 10_000: "en",
        }
        self.assertEqual({a: self.language(accept=a) for a in said}, said)

    @override_settings(LANGUAGE_CODE="ko")
    def test_the_site_says_where_nobody_else_does(self):
        self.assertEqual(self.language(), "ko")

    def test_the_cookie_wins_over_the_browser(self):
        self.assertEqual(self.language(accept="ko", cookie="id"), "id")

    def test_a_cookie_with_anything_in_it_does_no_harm(self):
        for cookie in ("xx", "../../etc", "en\x00", "é" * 500):
            self.assertEqual(self.language(accept="ko", cookie=cookie), "ko")

    def test_what_somebody_has_chosen_wins_over_all(self):
        self.alice.language = "zh-hans"
        self.alice.save()
        self.client.force_login(self.alice)
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "id"
        response = self.client.get("/", headers={"accept-language": "ko"})
        self.assertContains(response, '<html lang="zh-hans"')
        self.assertEqual(response["Content-Language"], "zh-hans")
        self.assertIn("Accept-Language", response["Vary"])

    def test_a_language_the_site_has_dropped_is_no_choice(self):
        self.alice.language = "tlh"
        locale = locales.of_visitor(self.alice, cookies={}, accept_language="ko")
        self.assertEqual(locale.language, "ko")
        self.assertEqual(locales.of_user(self.alice).language, settings.LANGUAGE_CODE)

    def test_a_language_tells_the_time_in_one_way(self):
        evening = datetime(2026, 9, 5, 21, 30, tzinfo=UTC)
        for language, _ in settings.LANGUAGES:
            with self.subTest(language), translation.override(language):
                hour = date_format(evening, "TIME_FORMAT")
                for name in ("DATETIME_FORMAT", "SHORT_DATETIME_FORMAT"):
                    self.assertTrue(date_format(evening, name).endswith(hour), name)

    def test_one_request_leaves_nothing_to_the_next(self):
        before = translation.get_language(), timezone.get_current_timezone_name()
        self.client.cookies["time_zone"] = "Asia/Seoul"
        self.page(accept="ko")
        after = translation.get_language(), timezone.get_current_timezone_name()
        self.assertEqual(after, before)

    def test_an_error_is_told_in_it(self):
        self.client.force_login(self.alice)
        response = self.client.get("/c/nothing/", headers={"accept-language": "ko"})
        self.assertContains(response, "여기에는 아무것도 없습니다", status_code=404)

    def test_a_mail_is_in_the_language_of_who_gets_it(self):
        self.alice.language = "ko"
        self.alice.save()
        url = reverse("account_reset_password")
        fields = {"email": self.alice.email}
        self.client.post(url, fields, headers={"accept-language": "id"})
        self.assertIn("비밀번호", mail.outbox[0].subject)
        self.assertIn("새 비밀번호를 요청했습니다", mail.outbox[0].body)

    def test_a_mail_to_who_has_chosen_nothing_is_in_that_of_who_asks(self):
        url = reverse("account_reset_password")
        fields = {"email": self.bob.email}
        self.client.post(url, fields, headers={"accept-language": "id"})
        self.assertIn("kata sandi", mail.outbox[0].body)


@override_settings(LANGUAGES=[("en", "English"), ("ar", "العربية")])
class RightToLeftTests(ChatTestCase):
    def test_the_page_says_where_it_begins(self):
        response = self.client.get(
            "/accounts/login/", headers={"accept-language": "ar"}
        )
        self.assertContains(response, 'lang="ar"')
        self.assertContains(response, 'dir="rtl"')


class PersonaNameTests(ChatTestCase):
    def test_every_page_has_it_in_the_readers_language(self):
        self.alice.language = "id"
        self.alice.save()
        self.persona.translations = {"id": {"name": "Pembantu"}}
        self.persona.save()
        self.client.force_login(self.alice)
        talk = self.conversation.get_absolute_url()
        share = create_share(
            user=self.alice, conversation=self.conversation, audience="anyone"
        )
        for path in (
            "/",
            talk,
            f"{talk}people/",
            f"{talk}print/",
            f"{talk}messages/{self.reply.pk}/",
            f"{talk}messages/{self.reply.pk}/again/",
            f"{talk}messages/{self.reply.pk}/compare/",
            f"{share.get_absolute_url()}continue/",
            "/palette/",
            "/folders/new/",
            "/search/?q=drink",
            "/settings/",
        ):
            with self.subTest(path):
                response = self.client.get(path)
                self.assertContains(response, "Pembantu")
                self.assertNotContains(response, "Helper")
