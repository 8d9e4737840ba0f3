"""Invitations are made, listed and taken back by those who may."""

from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from conversations.actions.invitations import make_invitation
from conversations.actions.refusals import Refusal
from conversations.models import AuditEntry, Invitation, SiteSettings

from .base import AdminTestCase

ADD = reverse("admin:conversations_invitation_add")
LIST = reverse("admin:conversations_invitation_changelist")


class InvitationAdminTests(AdminTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.pupils = Group.objects.create(name="Pupils")
        cls.editors = Group.objects.create(name="Editors")
        cls.editors.permissions.set(
            Permission.objects.filter(codename="change_persona")
        )

    def make(self, **fields):
        data = {"note": "Class 7b", "group": self.pupils.pk, "most_uses": "3"}
        data |= {"expires_at_0": "2100-01-01", "expires_at_1": "12:00"}
        return self.client.post(ADD, data | fields)

    def page(self, invitation):
        return reverse("admin:conversations_invitation_change", args=[invitation.pk])

    def revoke(self, invitation):
        name = "admin:conversations_invitation_revoke"
        return self.client.post(reverse(name, args=[invitation.pk]))

    def test_one_is_made_and_shown_to_be_given_on(self):
        page = self.make(follow=True)
        made = Invitation.objects.get()
        self.assertRedirects(page, self.page(made))
        self.assertEqual((made.author, made.group), (self.bob, self.pupils))
        page = self.client.get(self.page(made))
        self.assertContains(page, made.link)
        self.assertContains(page, made.spoken_code)
        entry = AuditEntry.objects.get(target_kind="invitation")
        self.assertEqual(
            (entry.verb, entry.actor_id), ("invitation.added", self.bob.pk)
        )
        for secret in (made.token, made.code):
            self.assertNotIn(secret, str(entry.changes))

    def test_it_is_listed_without_what_lets_people_in(self):
        self.make()
        made = Invitation.objects.get()
        page = self.client.get(LIST)
        self.assertContains(page, "Class 7b")
        self.assertContains(page, "0 / 3")
        for secret in (made.token, made.code, made.spoken_code):
            self.assertNotContains(page, secret)
        self.assertContains(self.client.get(f"{LIST}?usable=no"), "0 invitations")

    def test_it_is_taken_back(self):
        self.make()
        made = Invitation.objects.get()
        self.assertRedirects(self.revoke(made), self.page(made))
        self.assertFalse(Invitation.objects.usable().exists())
        self.assertEqual(AuditEntry.objects.first().verb, "invitation.revoked")
        self.assertNotContains(self.client.get(self.page(made)), made.link)

    def test_several_are_taken_back_and_none_is_deleted(self):
        self.make()
        self.make()
        chosen = Invitation.objects.values_list("pk", flat=True)
        for action in ("revoke", "delete_selected"):
            data = {"action": action, "_selected_action": list(chosen), "post": "yes"}
            self.client.post(LIST, data)
        self.assertEqual(Invitation.objects.count(), 2)
        self.assertFalse(Invitation.objects.usable().exists())

    def test_once_made_only_its_note_changes(self):
        self.make()
        made = Invitation.objects.get()
        data = {"note": "Class 8b", "most_uses": "99", "group": self.editors.pk}
        self.client.post(self.page(made), data)
        made.refresh_from_db()
        self.assertEqual(made.note, "Class 8b")
        self.assertEqual((made.most_uses, made.group), (3, self.pupils))

    def test_where_sign_up_is_closed_it_is_said(self):
        SiteSettings(sign_up="closed").save()
        self.assertContains(self.client.get(ADD), "Sign-up is closed")

    def test_without_the_permission_nobody_makes_or_takes_back(self):
        self.make()
        made = Invitation.objects.get()
        self.become(self.carol, "view_invitation")
        self.assertEqual(self.make().status_code, 403)
        self.assertEqual(self.revoke(made).status_code, 403)
        page = self.client.get(self.page(made))
        self.assertContains(page, "Class 7b")
        for secret in (made.link, made.spoken_code):
            self.assertNotContains(page, secret)

    def test_nobody_gives_what_they_may_not_do(self):
        """They could come by the invitation themselves."""
        self.make(group=self.editors.pk)
        of_bob = Invitation.objects.get()
        rights = ["add_invitation", "change_invitation", "view_invitation"]
        self.become(self.carol, *rights)
        self.assertContains(self.make(group=self.editors.pk), "errorlist")
        with self.assertRaises(Refusal):
            stolen = Invitation(group=self.editors)
            make_invitation(invitation=stolen, author=self.carol)
        page = self.client.get(self.page(of_bob))
        for secret in (of_bob.link, of_bob.spoken_code):
            self.assertNotContains(page, secret)
        self.assertEqual(self.make().status_code, 302)
