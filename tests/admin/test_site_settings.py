import stat
from io import BytesIO
from pathlib import Path

from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from conversations.models import AuditEntry, SiteSettings

from .base import AdminTestCase, upload

FORM = {"second_factor": "optional", "reading_policy": "nobody"}


class SiteSettingsTests(AdminTestCase):
    form = reverse("admin:conversations_sitesettings_change", args=[1])

    def save(self, **fields):
        response = self.client.post(self.form, FORM | fields)
        self.assertRedirects(
            response,
            reverse("admin:conversations_sitesettings_changelist"),
            target_status_code=302,
        )
        return SiteSettings.current()

    def test_the_list_leads_straight_to_the_form(self):
        listed = self.client.get(reverse("admin:conversations_sitesettings_changelist"))
        self.assertRedirects(listed, self.form)
        self.assertFalse(SiteSettings.objects.exists())  # looking makes no row

    def test_every_field_says_what_it_is_for(self):
        form = self.client.get(self.form).context["adminform"].form
        silent = [name for name, field in form.fields.items() if not field.help_text]
        self.assertEqual(silent, ["remove_logo"])
        shown = {name for _, options in self.groups() for name in options["fields"]}
        self.assertEqual(shown, set(form.fields) - {"remove_logo"})

    def groups(self):
        return self.client.get(self.form).context["adminform"].fieldsets

    def test_what_is_saved_stands_on_the_next_page(self):
        self.save(site_name="Reading <Room>", contact="Room 7", sign_up="closed")
        self.assertContains(self.client.get("/"), "Reading &lt;Room&gt;")
        self.assertContains(self.client.get(self.form), "Reading &lt;Room&gt;")
        self.client.logout()
        signing_up = self.client.get(reverse("account_signup"))
        self.assertContains(signing_up, "Whom to ask: Room 7")
        manifest = self.client.get(reverse("conversations:manifest_detail")).json()
        self.assertEqual(manifest["name"], "Reading <Room>")

    def test_mistakes_are_told_and_not_saved(self):
        for fields in ({"accent_colour": "teal"}, {"email_domains": "a b@c"}):
            response = self.client.post(self.form, FORM | fields)
            self.assertContains(response, "errorlist")
        self.assertFalse(SiteSettings.objects.exists())

    def test_domains_take_mail_and_a_domain(self):
        for domains, is_set_up in (("", True), ("school.org", False)):
            fields = {"sign_up": "domains", "email_domains": domains}
            with self.settings(MAIL_IS_SET_UP=is_set_up):
                response = self.client.post(self.form, FORM | fields)
                self.assertContains(response, "errorlist")
        self.assertFalse(SiteSettings.objects.exists())
        self.save(sign_up="domains", email_domains="school.org")

    def test_the_colour_is_a_sheet_of_our_own(self):
        current = self.save(accent_colour="#7a1fa2")
        for page in ("/", self.form):
            self.assertContains(self.client.get(page), current.accent_url)
        self.client.logout()
        sheet = self.client.get(current.accent_url)
        self.assertEqual(sheet["Content-Type"], "text/css")
        self.assertIn("immutable", sheet["Cache-Control"])
        self.assertContains(sheet, "--accent: oklch(47% 0.120 312.5")
        of_another = self.client.get(reverse("conversations:accent_detail"))
        self.assertEqual(of_another["Cache-Control"], "no-cache")

    def test_without_a_colour_or_a_logo_there_is_nothing(self):
        for name in ("accent_detail", "logo_detail"):
            self.assertEqual(
                self.client.get(reverse(f"conversations:{name}")).status_code, 404
            )

    def test_a_logo_is_made_anew_and_keeps_its_shape(self):
        file = BytesIO()
        Image.new("RGB", (1200, 300), "teal").save(file, "PNG")
        current = self.save(new_logo=upload(file.getvalue() + b"<script>"))
        self.client.logout()
        self.assertContains(self.client.get("/accounts/login/"), current.logo_url)
        response = self.client.get(current.logo_url)
        data = response.getvalue()
        self.assertEqual(response["Content-Type"], "image/webp")
        self.assertEqual(response["X-Content-Type-Options"], "nosniff")
        self.assertIn("sandbox", response["Content-Security-Policy"])
        self.assertIn("immutable", response["Cache-Control"])
        newer = self.client.get(reverse("conversations:logo_detail"), {"v": "newer"})
        self.assertEqual(newer["Cache-Control"], "no-cache")
        self.assertEqual(newer.getvalue(), data)
        folder = Path(default_storage.path(current.logo.name)).parent
        self.assertEqual(stat.S_IMODE(folder.stat().st_mode), 0o700)
        self.assertEqual(Image.open(BytesIO(data)).size, (512, 128))
        self.assertNotIn(b"<script>", data)

    def test_visitors_at_once_have_all_of_the_logo(self):
        file = BytesIO()
        Image.new("RGB", (40, 40), "teal").save(file, "PNG")
        current = self.save(new_logo=upload(file.getvalue()))
        kept = Path(default_storage.path(current.logo.name)).read_bytes()
        begun = [self.client.get(current.logo_url) for _visitor in range(2)]
        self.assertEqual([response.getvalue() for response in begun], [kept, kept])

    def test_a_logo_is_taken_away_with_its_file(self):
        file = BytesIO()
        Image.new("RGB", (40, 40), "teal").save(file, "PNG")
        name = self.save(new_logo=upload(file.getvalue())).logo.name
        self.assertTrue(default_storage.exists(name))
        with self.captureOnCommitCallbacks(execute=True):
            self.save(remove_logo="on")
        self.assertFalse(default_storage.exists(name))
        self.assertEqual(SiteSettings.current().logo_url, "")

    def test_what_is_no_image_is_refused(self):
        response = self.client.post(self.form, FORM | {"new_logo": upload(b"<svg/>")})
        self.assertContains(response, "This is no image that can be used")

    def test_only_who_may_changes_them(self):
        self.become(self.carol, "change_persona")
        self.assertEqual(self.client.post(self.form, FORM).status_code, 403)

    def test_who_changed_what_is_written_down(self):
        self.save(site_name="Before", contact="Room 7")
        self.save(site_name="After", contact="Room 7")
        entry = AuditEntry.objects.filter(verb="site_settings.changed").latest("number")
        self.assertEqual(entry.actor_id, self.bob.pk)
        self.assertEqual(entry.changes, {"site_name": ["Before", "After"]})
