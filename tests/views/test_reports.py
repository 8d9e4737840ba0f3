"""A person shows a message to the moderators: it and its branch, as they are then."""

from django.urls import reverse

from conversations.actions.reports import close_report
from conversations.actions.shares import create_share
from conversations.models import (
    AuditEntry,
    Conversation,
    Message,
    Report,
    SiteSettings,
)
from tests.admin.base import AdminTestCase
from tests.base import add_turn

SAID = {"reason": "dangerous", "note": "It told me to drink it."}


class ReportTestCase(AdminTestCase):
    """Alice reports; bob is the administrator, carol a moderator."""

    def setUp(self):
        self.client.force_login(self.alice)

    def url(self, message):
        arguments = [message.conversation_id, message.pk]
        return reverse("conversations:report_create", args=arguments)

    def report(self, message, **changes):
        return self.client.post(self.url(message), SAID | changes)

    def page(self, report):
        name = "admin:conversations_report_change"
        return self.client.get(reverse(name, args=[report.pk]))

    def close(self, report, state):
        name = "admin:conversations_report_close"
        return self.client.post(reverse(name, args=[report.pk, state]))


class CreateTests(ReportTestCase):
    def test_that_message_and_its_branch_only(self):
        add_turn(self.conversation, "And after it?", "Later.")
        self.conversation.head = None
        add_turn(self.conversation, "Another branch?", "Elsewhere.")
        response = self.report(self.reply)
        self.assertRedirects(response, reverse("conversations:report_list"))
        report = Report.objects.get()
        self.assertEqual(
            [item["text"] for item in report.content],
            ["What is water?", "A **drink**."],
        )
        self.assertEqual((report.reporter, report.owner), (self.alice, self.alice))
        self.assertNotIn("A talk", str(report.content))  # the title is not theirs

    def test_as_they_are_then(self):
        self.report(self.reply)
        Message.objects.update(text="Other", html="Other")
        self.assertEqual(Report.objects.get().content[-1]["text"], "A **drink**.")
        Conversation.objects.all().delete()
        self.assertEqual(Report.objects.get().content[-1]["text"], "A **drink**.")

    def test_who_reported_sees_that_it_was_received_and_what_became_of_it(self):
        self.report(self.reply)
        url = reverse("conversations:report_list")
        self.assertContains(self.client.get(url), "Received")
        report = Report.objects.get()
        close_report(report=report, state="resolved", moderator=self.bob)
        self.assertContains(self.client.get(url), "Acted upon")
        self.client.force_login(self.carol)
        self.assertNotContains(self.client.get(url), SAID["note"])

    def test_what_is_wrong_with_it_is_asked(self):
        for changes in ({"reason": ""}, {"reason": "x"}, {"note": "n" * 2001}):
            with self.subTest(changes):
                self.assertEqual(self.report(self.reply, **changes).status_code, 422)
        self.assertFalse(Report.objects.exists())

    def test_once_while_it_is_open(self):
        self.report(self.reply)
        self.assertEqual(self.report(self.reply).status_code, 422)
        close_report(report=Report.objects.get(), state="dismissed", moderator=self.bob)
        self.assertEqual(self.report(self.reply).status_code, 302)

    def test_a_question_can_be_reported_too(self):
        self.report(self.question)
        self.assertEqual(len(Report.objects.get().content), 1)

    def test_what_is_not_ones_own_to_read_cannot(self):
        self.client.force_login(self.carol)
        self.assertEqual(self.report(self.reply).status_code, 404)

    def test_a_reply_that_is_being_written_cannot(self):
        _, growing = add_turn(self.conversation, "More?", None)
        self.assertEqual(self.report(growing).status_code, 404)

    def test_the_way_there_is_in_the_menu_of_a_message(self):
        arguments = [self.conversation.pk, self.reply.pk]
        menu = reverse("conversations:message_detail", args=arguments)
        self.assertContains(self.client.get(menu), self.url(self.reply))


class ShareTests(ReportTestCase):
    def test_a_page_that_a_link_leads_to(self):
        share = create_share(
            user=self.alice, conversation=self.conversation, audience="anyone"
        )
        url = reverse("conversations:report_share_create", args=[share.token])
        self.client.force_login(self.carol)
        self.assertContains(self.client.get(share.get_absolute_url()), url)
        self.assertEqual(self.client.post(url, SAID).status_code, 302)
        report = Report.objects.get()
        self.assertEqual((report.reporter, report.owner), (self.carol, self.alice))
        self.assertEqual(report.content, share.content)
        self.client.logout()
        self.assertIn("/accounts/login/", self.client.get(url).url)

    def test_a_link_that_leads_nowhere(self):
        url = reverse("conversations:report_share_create", args=["made-up"])
        self.assertEqual(self.client.post(url, SAID).status_code, 404)


class ModeratorTests(ReportTestCase):
    def setUp(self):
        super().setUp()
        self.report(self.reply)
        self.reported = Report.objects.get()
        self.become(self.carol, "view_report", "change_report")

    def test_sees_that_branch_and_no_more(self):
        add_turn(self.conversation, "And after it?", "Later.")
        page = self.page(self.reported)
        self.assertContains(page, "A **drink**.")
        self.assertContains(page, SAID["note"])
        for words in ("And after it?", "A talk"):
            self.assertNotContains(page, words)

    def test_the_list_says_nothing_of_what_was_said(self):
        url = reverse("admin:conversations_report_changelist")
        page = self.client.get(url)
        self.assertEqual(page.context["cl"].result_count, 1)
        for words in ("drink", "What is water?"):
            self.assertNotContains(page, words)

    def test_what_was_said_is_text_on_their_page(self):
        hostile = "<script>alert(1)</script>"
        self.reported.content[0]["text"] = hostile
        self.reported.save()
        self.assertNotContains(self.page(self.reported), hostile)

    def test_closes_it_once(self):
        self.close(self.reported, "resolved")
        self.close(self.reported, "dismissed")
        self.reported.refresh_from_db()
        self.assertEqual(self.reported.state, "resolved")
        self.assertEqual(self.reported.closed_by, self.carol)
        entry = AuditEntry.objects.get()
        self.assertEqual(entry.verb, "report.closed")
        self.assertEqual(entry.changes, {"state": ["open", "resolved"]})

    def test_there_are_two_ends(self):
        self.assertEqual(self.close(self.reported, "open").status_code, 404)

    def test_who_may_only_look_closes_nothing(self):
        self.become(self.carol, "view_report")
        self.assertEqual(self.page(self.reported).status_code, 200)
        self.assertEqual(self.close(self.reported, "resolved").status_code, 403)

    def test_who_is_no_moderator_sees_nothing(self):
        self.become(self.carol, "view_conversation")
        self.assertEqual(self.page(self.reported).status_code, 403)


class ReadingOnReportTests(ReportTestCase):
    """Under the policy “on report”, what was reported may be read, with a reason."""

    def setUp(self):
        SiteSettings(reading_policy="reported").save()
        self.ask = reverse(
            "conversations:chat_read_create", args=[self.conversation.pk]
        )

    def status(self):
        return self.client.get(self.ask).status_code

    def test_while_the_report_is_open(self):
        self.client.force_login(self.alice)
        self.report(self.reply)
        self.become(self.carol, "read_conversation")
        self.assertEqual(self.status(), 200)
        report = Report.objects.get()
        close_report(report=report, state="resolved", moderator=self.bob)
        self.assertEqual(self.status(), 404)

    def test_not_by_a_report_of_ones_own_or_of_a_link(self):
        share = create_share(
            user=self.alice, conversation=self.conversation, audience="anyone"
        )
        url = reverse("conversations:report_share_create", args=[share.token])
        for reporter in (self.carol, self.bob):
            self.client.force_login(reporter)
            self.client.post(url, SAID)
        Report.objects.filter(reporter=self.carol).update(message_id=self.reply.pk)
        self.become(self.carol, "read_conversation")
        self.assertEqual(self.status(), 404)
