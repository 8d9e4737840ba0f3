"""The settings: each section by itself, for the person alone."""

from unittest.mock import patch

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.urls import reverse

from conversations import clearing
from conversations.actions import accounts, bin
from conversations.models import Conversation, Message, Persona, User
from tests.base import PASSWORD, ChatTestCase, add_turn, make_conversation, make_persona

SETTINGS = "/settings/"


class SettingsTestCase(ChatTestCase):
    def setUp(self):
        self.client.force_login(self.alice)

    def save(self, section, **fields):
        url = reverse("conversations:settings_save", args=[section])
        response = self.client.post(url, fields)
        self.alice.refresh_from_db()
        return response

    def chosen(self, *names):
        return tuple(User.objects.values_list(*names).get(pk=self.alice.pk))


class SettingsDetailTests(SettingsTestCase):
    def test_page_shows_what_is_chosen(self):
        self.alice.text_size = "large"
        self.alice.save()
        response = self.client.get(SETTINGS)
        self.assertContains(
            response, 'value="large" id="id_text_size_2" required checked'
        )
        self.assertContains(response, 'data-text-size="large"')

    def test_anonymous_is_sent_to_sign_in(self):
        self.client.logout()
        self.assertEqual(self.client.get(SETTINGS).status_code, 302)
        response = self.save("theme", theme="dark")
        self.assertTrue(response.url.startswith("/accounts/login/"))
        self.assertEqual(self.chosen("theme"), ("auto",))


class SettingsSaveTests(SettingsTestCase):
    def test_appearance_is_saved_and_said(self):
        response = self.save("appearance", theme="dark", text_size="huge")
        self.assertEqual(response.url, f"{SETTINGS}#appearance")
        self.assertEqual(self.chosen("theme", "text_size"), ("dark", "huge"))
        page = self.client.get(SETTINGS)
        self.assertContains(page, "Your settings are saved.")
        self.assertContains(page, 'data-theme="dark"')

    def test_a_section_saves_its_own_fields_only(self):
        fields = {"theme": "dark", "text_size": "small", "is_staff": "on"}
        self.save("appearance", **fields, language="ko", username="root")
        chosen = self.chosen("theme", "language", "is_staff", "username")
        self.assertEqual(chosen, ("dark", "", False, "alice"))

    def test_wrong_choices_are_refused_with_the_page(self):
        wrong = {
            "appearance": {"theme": "pink", "text_size": "large"},
            "language": {"language": "xx", "time_zone": ""},
            "writing": {"send_key": "space", "default_persona": ""},
        }
        before = self.chosen("theme", "text_size", "language", "send_key")
        for section, fields in wrong.items():
            with self.subTest(section):
                response = self.save(section, **fields)
                self.assertContains(response, "errorlist", status_code=422)
        after = self.chosen("theme", "text_size", "language", "send_key")
        self.assertEqual(after, before)

    def test_there_is_no_other_section(self):
        self.assertEqual(self.save("password", password="x").status_code, 404)

    def test_the_notice_is_in_the_language_just_chosen(self):
        self.save("language", language="ko", time_zone="")
        self.assertContains(self.client.get(SETTINGS), "설정을 저장했습니다.")

    def test_a_time_zone_may_be_typed_as_one_speaks(self):
        self.save("language", language="", time_zone=" asia/ho chi minh ")
        self.assertEqual(self.chosen("time_zone"), ("Asia/Ho_Chi_Minh",))

    def test_what_is_no_time_zone_is_told(self):
        for name in ("Nowhere", "../../etc/passwd", "x" * 65):
            with self.subTest(name):
                response = self.save("language", language="", time_zone=name)
                told = 'aria-describedby="id_time_zone_error time-zone-help"'
                self.assertContains(response, told, status_code=422)
                self.assertContains(
                    response, 'id="id_time_zone_error"', status_code=422
                )
        self.assertEqual(self.chosen("time_zone"), ("",))

    def test_a_persona_one_may_not_use_cannot_be_the_default(self):
        draft = make_persona("draft", state=Persona.State.DRAFT)
        response = self.save("writing", send_key="ctrl", default_persona=draft.pk)
        self.assertEqual(response.status_code, 422)
        self.save("writing", send_key="ctrl", default_persona=self.persona.pk)
        chosen = self.chosen("send_key", "default_persona")
        self.assertEqual(chosen, ("ctrl", self.persona.pk))

    def test_the_menu_changes_the_theme_and_goes_back(self):
        back = f"/c/{self.conversation.pk}/"
        self.assertRedirects(self.save("theme", theme="light", next=back), back)
        self.assertEqual(self.chosen("theme"), ("light",))

    def test_what_is_no_address_leads_back_to_the_settings(self):
        response = self.save("theme", theme="light", next="0")
        self.assertEqual(response.status_code, 302)

    def test_it_never_goes_to_another_site(self):
        response = self.save("theme", theme="light", next="https://example.org/")
        self.assertTrue(response.url.startswith(SETTINGS))


class SessionTests(SettingsTestCase):
    def session(self, user):
        """Sign `user` in elsewhere; return the row of that session."""
        self.client.cookies.clear()
        self.client.force_login(user)
        store = self.client.session
        return UserSession.objects.create(
            user=user,
            session_key=store.session_key,
            ip="203.0.113.9",
            user_agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0",
        )

    def setUp(self):
        self.there = self.session(self.alice)
        self.client.cookies.clear()
        super().setUp()

    def end(self, session):
        return self.client.post(f"/settings/sessions/{session.pk}/end/")

    def is_there(self, session):
        return SessionStore().exists(session.session_key)

    def test_other_devices_are_listed_in_words(self):
        response = self.client.get(SETTINGS)
        self.assertContains(response, "Firefox, Linux")
        self.assertContains(response, "203.0.113.9")

    def test_one_of_them_is_signed_out(self):
        self.assertRedirects(self.end(self.there), f"{SETTINGS}#sessions")
        self.assertFalse(self.is_there(self.there))
        self.assertEqual(self.client.get(SETTINGS).status_code, 200)

    def test_all_others_are_signed_out(self):
        self.client.post("/settings/sessions/end/")
        self.assertFalse(self.is_there(self.there))
        self.assertEqual(self.client.get(SETTINGS).status_code, 200)

    def test_a_stranger_cannot_end_it(self):
        self.client.force_login(self.bob)
        self.assertEqual(self.end(self.there).status_code, 404)
        self.client.post("/settings/sessions/end/")
        self.assertTrue(self.is_there(self.there))


class AccountRemoveTests(SettingsTestCase):
    url = "/settings/account/remove/"

    def setUp(self):
        super().setUp()
        cache.clear()  # the tries are counted there

    def remove(self, password=PASSWORD):
        return self.client.post(self.url, {"password": password})

    def test_the_page_says_what_goes(self):
        self.assertContains(self.client.get(self.url), "your one conversation")
        make_conversation(self.alice, self.persona)
        self.assertContains(self.client.get(self.url), "your 2 conversations")

    def test_everything_of_theirs_goes_and_nothing_of_others(self):
        EmailAddress.objects.create(user=self.alice, email="alice@example.org")
        of_bob = make_conversation(self.bob, self.persona)
        add_turn(of_bob, "And you?", "Fine.")
        response = self.remove()
        self.assertRedirects(response, "/accounts/login/")
        self.assertFalse(User.objects.filter(username="alice").exists())
        self.assertEqual(list(Conversation.objects.all()), [of_bob])
        self.assertFalse(Message.objects.exclude(conversation=of_bob).exists())
        self.assertFalse(EmailAddress.objects.exists())
        self.assertEqual(self.client.get("/").status_code, 302)

    def test_the_page_that_says_so_speaks_as_the_settings_did(self):
        self.alice.language = "id"
        self.alice.save()
        response = self.client.get(self.remove().url)
        self.assertContains(response, "Akun Anda sudah dihapus.")
        self.assertContains(response, '<html lang="id"')

    def test_a_wrong_password_removes_nothing(self):
        self.assertContains(self.remove("wrong"), "not your password", status_code=422)
        self.assertTrue(User.objects.filter(username="alice").exists())

    def test_guessing_is_limited(self):
        statuses = [self.remove("wrong").status_code for _ in range(12)]
        self.assertEqual(statuses[-1], 429)

    def test_the_last_administrator_stays(self):
        self.alice.is_staff = self.alice.is_superuser = True
        self.alice.save()
        response = self.remove()
        self.assertContains(response, "only administrator", status_code=409)
        self.assertTrue(User.objects.filter(username="alice").exists())

    def test_what_is_too_much_at_once_is_swept_later(self):
        for _ in range(3):
            make_conversation(self.alice, self.persona)
        cache.set(clearing.PURGED, True)  # the index has its own turn
        one_at_once = patch.object(bin, "CONVERSATIONS_AT_ONCE", 1)
        with one_at_once, patch.object(accounts, "FIRST_BATCHES", 1):
            self.remove()
            left = User.objects.get(pk=self.alice.pk)
            self.assertEqual((left.is_active, left.email), (False, ""))
            self.assertFalse(left.has_usable_password())
            self.assertEqual(Conversation.objects.filter(owner=left).count(), 3)
            erased = [clearing._delete_if_it_is_our_turn() for _ in range(5)]
        self.assertEqual(erased, [1, 1, 1, 1, 0])
        self.assertFalse(User.objects.filter(pk=self.alice.pk).exists())
        self.assertFalse(Conversation.objects.filter(owner=self.alice.pk).exists())


class LanguageChooseTests(ChatTestCase):
    def choose(self, language, **fields):
        fields = {"language": language, "next": "/accounts/login/"} | fields
        return self.client.post("/language/", fields)

    def test_the_sign_in_page_speaks_it_from_then_on(self):
        self.assertRedirects(self.choose("id"), "/accounts/login/")
        response = self.client.get(
            "/accounts/login/", headers={"accept-language": "ko"}
        )
        self.assertContains(response, '<html lang="id"')
        self.assertContains(response, "Masuk")

    def test_a_language_the_site_does_not_speak_is_refused(self):
        self.assertEqual(self.choose("xx").status_code, 400)
        self.assertNotIn("django_language", self.client.cookies)

    def test_who_signs_up_in_it_keeps_it(self):
        self.choose("zh-hans")
        account = {"username": "dora", "password1": PASSWORD, "password2": PASSWORD}
        account["email"] = "dora@example.org"
        self.client.post("/accounts/signup/", account)
        self.assertEqual(User.objects.get(username="dora").language, "zh-hans")

    def test_somebody_signed_in_keeps_it_in_their_settings(self):
        self.client.force_login(self.alice)
        self.choose("ko")
        self.alice.refresh_from_db()
        self.assertEqual(self.alice.language, "ko")

    def test_it_goes_back_on_this_site_only(self):
        response = self.choose("ko", next="//example.org/")
        self.assertEqual(response.url, "/accounts/login/")
