from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.test import TestCase

from conversations.models import SiteSettings, kept, site_settings


class SiteSettingsTests(TestCase):
    def test_without_a_row_it_is_as_the_environment_says(self):
        site_settings._kept.forget()
        with self.settings(SITE_NAME="From .env", SIGN_UP_OPEN=False):
            current = SiteSettings.current()
            self.assertEqual(current.name, "From .env")
            self.assertEqual(current.sign_up_mode, "closed")
        self.assertEqual((current.logo_url, current.accent_url), ("", ""))

    def test_what_is_saved_counts_at_once_where_it_was_saved(self):
        self.assertNotEqual(SiteSettings.current().name, "Reading Room")
        SiteSettings(site_name="Reading Room", sign_up="domains").save()
        self.assertEqual(SiteSettings.current().name, "Reading Room")
        self.assertEqual(SiteSettings.current().sign_up_mode, "domains")

    def test_it_is_read_once_and_again_when_that_is_old(self):
        site_settings._kept.forget()
        with self.assertNumQueries(1):
            SiteSettings.current()
            SiteSettings.current()
        SiteSettings.objects.create(site_name="One")
        SiteSettings.current()
        SiteSettings.objects.update(site_name="Two")  # as another process would
        self.assertEqual(SiteSettings.current().name, "One")
        kept.KEEP_SECONDS = 0
        self.assertEqual(SiteSettings.current().name, "Two")

    def test_while_the_database_is_away_what_is_known_counts(self):
        SiteSettings(site_name="Known").save()
        SiteSettings.current()
        kept.KEEP_SECONDS = 0
        with connection.execute_wrapper(self.away):
            self.assertEqual(SiteSettings.current().name, "Known")
            site_settings._kept.forget()
            self.assertEqual(SiteSettings.current().sign_up_mode, "open")

    def away(self, *args):
        raise OperationalError("gone")

    def test_there_is_one_row(self):
        SiteSettings(site_name="One").save()
        SiteSettings(site_name="Two").save()
        self.assertEqual(SiteSettings.objects.get().site_name, "Two")

    def test_what_makes_no_sense_is_refused(self):
        for fields in (
            {"accent_colour": "red; }"},
            {"accent_colour": "#12345"},
            {"accent_colour": "#123456\n"},
            {"email_domains": "example.org\nnot a domain!"},
            {"email_domains": "@example.org"},
            {"retention_days": 0},
        ):
            with self.subTest(fields), self.assertRaises(ValidationError):
                SiteSettings(**fields).full_clean()

    def test_domains_are_read_one_a_line(self):
        domains = SiteSettings(email_domains="Example.org\n\n school.example\n").domains
        self.assertEqual(domains, ["example.org", "school.example"])
