import re

from django.conf import settings
from django.contrib.admin import site
from django.urls import reverse

from conversations.models import User
from tests.base import PASSWORD

from .base import AdminTestCase

INLINE = re.compile(
    r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)[^>]*>", re.I
)


class AdminSiteTests(AdminTestCase):
    def pages(self):
        yield reverse("admin:index")
        for model, admin in site._registry.items():
            if admin.has_view_permission(self.request()):
                name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
                yield reverse(f"{name}_changelist")
                if admin.has_add_permission(self.request()):
                    yield reverse(f"{name}_add")

    def request(self):
        request = self.client.get(reverse("admin:index")).wsgi_request
        request.user = self.bob
        return request

    def test_sign_in_is_the_sites_own(self):
        self.client.logout()
        index = reverse("admin:index")
        response = self.client.get(index, follow=True)
        self.assertTemplateUsed(response, "account/login.html")
        self.assertIn(
            f"next={index}", response.redirect_chain[-1][0].replace("%2F", "/")
        )

    def test_its_login_address_takes_no_password(self):
        self.client.logout()
        url = reverse("admin:login")
        response = self.client.post(url, {"username": "bob", "password": "x"})
        self.assertEqual(response.status_code, 302)
        self.assertIn(reverse("account_login"), response.url)

    def test_nor_does_it_from_who_is_signed_in(self):
        """Who got in could try the names of others there, as often as they like."""
        url = reverse("admin:login")
        other = {"username": self.carol.username, "password": PASSWORD}
        for name in (self.carol.username, "nobody"):
            response = self.client.post(url, other | {"username": name})
            self.assertRedirects(response, reverse("admin:index"))
            self.assertEqual(self.client.session["_auth_user_id"], str(self.bob.pk))

    def test_signing_out_is_the_sites_own(self):
        self.client.post(reverse("admin:logout"))
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_so_is_the_page_of_ones_password(self):
        """The admin's own takes as many tries as one likes."""
        response = self.client.post(reverse("admin:password_change"))
        own = reverse("account_change_password")
        self.assertRedirects(response, own, fetch_redirect_response=False)

    def test_people_who_are_no_staff_are_refused(self):
        self.client.force_login(self.alice)
        response = self.client.get(reverse("admin:index"), follow=True)
        self.assertEqual(response.status_code, 403)

    def test_first_page_lists_what_it_is_for_before_the_accounts(self):
        apps = self.client.get(reverse("admin:index")).context["app_list"]
        names = [[model["object_name"] for model in app["models"]] for app in apps]
        chats = ["Persona", "Snippet", "Provider", "LanguageModel"]
        chats += ["Conversation", "Generation", "Feedback", "Report"]
        self.assertEqual(names[0], chats)
        self.assertEqual(names[1][:2], ["User", "Group"])

    def test_wears_the_name_of_the_site(self):
        response = self.client.get(reverse("admin:index"))
        self.assertContains(response, settings.SITE_NAME)
        self.assertContains(response, "admin_site/theme.css")

    def test_wears_the_theme_of_the_person(self):
        self.bob.theme = User.Theme.DARK
        self.bob.save()
        self.assertContains(self.client.get(reverse("admin:index")), "theme-dark")

    def test_every_page_opens_and_holds_no_inline_script_or_style(self):
        for url in self.pages():
            with self.subTest(url):
                response = self.client.get(url, follow=True)
                self.assertEqual(response.status_code, 200)
                self.assertIsNone(INLINE.search(response.content.decode()))

    def test_passes_under_the_policy_of_the_site(self):
        policy = self.client.get(reverse("admin:index"))["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)


class UserAdminTests(AdminTestCase):
    def test_how_the_site_is_for_somebody_can_be_set(self):
        url = reverse("admin:conversations_user_change", args=[self.carol.pk])
        form = self.client.get(url).context["adminform"].form
        self.assertNotIn("default_persona", form.fields)  # not all may see them all
        data = {
            name: form[name].value()
            for name in form.fields
            if form[name].value() not in (None, False)
        }
        data |= {
            "language": "ko",
            "theme": "dark",
            "time_zone": "Asia/Seoul",
        }
        self.client.post(url, data)
        self.carol.refresh_from_db()
        self.assertEqual((self.carol.language, self.carol.theme), ("ko", "dark"))

    def test_is_searched_by_name_and_mail(self):
        url = reverse("admin:conversations_user_changelist")
        for words in ("carol", "carol@example.org"):
            found = self.client.get(url, {"q": words}).context["cl"].result_list
            self.assertEqual([user.username for user in found], ["carol"])


class AccountSentenceTests(AdminTestCase):
    def test_wrong_password_is_said_in_our_words(self):
        self.client.logout()
        form = {"login": "bob", "password": "wrong"}
        response = self.client.post(reverse("account_login"), form)
        self.assertContains(response, "do not belong together")
        self.assertNotContains(response, "you specified")

    def test_wrong_old_password_is_said_in_our_words(self):
        form = {"oldpassword": "wrong", "password1": "x", "password2": "x"}
        response = self.client.post(reverse("account_change_password"), form)
        self.assertContains(response, "This is not your current password.")
