from datetime import timedelta

from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from conversations.models import AuditEntry, Notice, NoticeDismissal, kept

from .base import AdminTestCase


class NoticeAdminTests(AdminTestCase):
    new = reverse("admin:conversations_notice_add")

    def write(self, **fields):
        """Write a notice as bob and return it."""
        of = {"kind": "info", "audience": "signed_in", "text": "We have moved."}
        fields = {"may_be_dismissed": "on"} | of | fields
        response = self.client.post(self.new, fields)
        self.assertRedirects(response, reverse("admin:conversations_notice_changelist"))
        return Notice.objects.latest("pk")

    def told(self, user, url="/", **headers):
        """Return the page that `user`, None for nobody, sees there."""
        self.client.logout()
        if user:
            self.client.force_login(user)
        return self.client.get(url, headers=headers)

    def test_it_stands_on_every_page_of_who_is_signed_in(self):
        self.write(text="We **move** [on Friday](https://example.org/move).")
        conversation = f"/c/{self.conversation.pk}/"
        for url in ("/", conversation, "/settings/", "/settings/account/remove/"):
            page = self.told(self.alice, url)
            self.assertContains(page, "We <strong>move</strong>")
        self.assertContains(self.told(self.bob, "/admin/"), "We <strong>move</strong>")
        self.assertNotContains(self.told(None, "/accounts/login/"), "We <strong>move")

    def test_an_open_page_is_told_what_this_process_does_not_know_yet(self):
        Notice.objects.bulk_create([Notice(text="Written elsewhere.")])
        self.assertNotContains(self.told(self.alice), "Written elsewhere.")
        fetched = self.told(self.alice, reverse("conversations:notice_list"))
        self.assertContains(fetched, "Written elsewhere.")

    def test_hostile_text_is_text(self):
        self.write(text="<script>alert(1)</script> [x](javascript:alert)")
        page = self.told(self.alice)
        self.assertNotContains(page, "<script>alert")
        self.assertNotContains(page, "javascript:alert")

    def test_who_sees_it(self):
        group = Group.objects.create(name="Teachers")
        group.user_set.add(self.carol)
        for audience, groups, seen in (
            ("everyone", [], [None, self.alice, self.bob, self.carol]),
            ("signed_in", [], [self.alice, self.bob, self.carol]),
            ("staff", [], [self.bob]),
            ("groups", [group.pk], [self.carol]),
        ):
            self.client.force_login(self.bob)
            notice = self.write(
                text=f"For {audience}.", audience=audience, groups=groups
            )
            for user in (None, self.alice, self.bob, self.carol):
                page = self.told(user, "/" if user else "/accounts/login/")
                with self.subTest(audience=audience, user=user):
                    found = f"For {audience}." in page.content.decode()
                    self.assertEqual(found, user in seen)
            notice.delete()

    def test_it_comes_and_goes_by_the_clock(self):
        now = timezone.now()
        for starts, ends, is_shown in (
            (-2, 2, True),
            (1, 2, False),
            (-2, -1, False),
            (None, None, True),
        ):
            Notice.objects.all().delete()
            Notice(
                text="Now.",
                starts_at=starts and now + timedelta(hours=starts),
                ends_at=ends and now + timedelta(hours=ends),
            ).save()
            found = "Now." in self.told(self.alice).content.decode()
            self.assertEqual(found, is_shown, (starts, ends))

    def test_each_reads_it_in_their_language(self):
        self.write(text="Closed on Friday.", text_ko="금요일에 쉽니다.")
        self.alice.language = "ko"
        self.alice.save()
        self.assertContains(self.told(self.alice), "금요일에 쉽니다.")
        self.alice.language = "id"
        self.alice.save()
        self.assertContains(self.told(self.alice), "Closed on Friday.")

    def test_put_away_it_stays_away_for_that_person(self):
        notice = self.write()
        address = reverse("conversations:notice_dismiss", args=[notice.pk])
        self.client.force_login(self.alice)
        for _ in range(2):
            self.client.post(address, {"next": "/settings/"})
        self.assertEqual(NoticeDismissal.objects.count(), 1)
        self.assertNotContains(self.told(self.alice), "We have moved.")
        self.assertContains(self.told(self.carol), "We have moved.")

    def test_what_may_not_be_put_away_stays(self):
        notice = self.write(text="Stay.", may_be_dismissed="")
        self.client.force_login(self.alice)
        address = reverse("conversations:notice_dismiss", args=[notice.pk])
        self.assertEqual(self.client.post(address).status_code, 404)
        NoticeDismissal.objects.create(notice=notice, user=self.alice)
        self.assertContains(self.told(self.alice), "Stay.")

    def test_mistakes_are_told(self):
        for fields in (
            {"audience": "groups"},
            {"starts_at_0": "2026-02-02", "starts_at_1": "10:00"}
            | {"ends_at_0": "2026-02-01", "ends_at_1": "10:00"},
        ):
            data = {"kind": "info", "audience": "staff", "text": "x"} | fields
            self.assertContains(self.client.post(self.new, data), "errorlist")
        self.assertFalse(Notice.objects.exists())

    def test_who_did_it_is_written_down(self):
        notice = self.write(text="First.")
        change = reverse("admin:conversations_notice_change", args=[notice.pk])
        data = {"kind": "warning", "audience": "signed_in", "text": "First."}
        self.client.post(change, data)
        self.client.post(
            reverse("admin:conversations_notice_delete", args=[notice.pk]),
            {"post": "yes"},
        )
        entries = AuditEntry.objects.filter(verb__startswith="notice.")
        self.assertEqual(
            [entry.verb for entry in entries],
            ["notice.removed", "notice.changed", "notice.added"],
        )
        self.assertEqual(entries[1].changes["kind"], ["info", "warning"])

    def test_without_any_a_page_asks_nothing(self):
        kept.KEEP_SECONDS = float("inf")
        with self.assertNumQueries(0):
            self.assertEqual(Notice.objects.current(self.alice), [])
