"""What is kept for a group stays so, whatever becomes of the group."""

from django.contrib.auth.models import Group
from django.urls import reverse

from conversations.admin.inlines import MOST_NEW
from conversations.models import LanguageModel, Persona
from tests.usage.base import make_model

from .base import AdminTestCase

FORM = {
    "name": "Teachers",
    "budgets-TOTAL_FORMS": "0",
    "budgets-INITIAL_FORMS": "0",
    "limits-TOTAL_FORMS": "0",
    "limits-INITIAL_FORMS": "0",
}
LIST = reverse("admin:auth_group_changelist")


class GroupTestCase(AdminTestCase):
    """The persona and a model are for teachers alone, and carol is none."""

    def setUp(self):
        super().setUp()
        self.teachers = Group.objects.create(name="Teachers")
        self.staff = Group.objects.create(name="Staff")
        self.persona.groups.add(self.teachers)
        self.model = make_model("big")
        self.model.groups.add(self.teachers)

    def post(self, page, form):
        url = reverse(f"admin:auth_group_{page}", args=[self.teachers.pk])
        return self.client.post(url, form)


class GroupChangeTests(GroupTestCase):
    def test_no_more_rows_are_drawn_than_somebody_adds(self):
        """Two thousand, as Django would, take half a minute."""
        page = self.post("change", FORM | {"budgets-TOTAL_FORMS": "9" * 30})
        self.assertContains(page, "budgets-0-amount")
        self.assertNotContains(page, f"budgets-{MOST_NEW + 1}-amount")

    def test_a_retired_persona_stays_its_own_and_one_that_is_offered_is_let_go(self):
        """Published again, the retired one would be for everybody."""
        retired = Persona.objects.create(name="Old", slug="old", state="retired")
        retired.groups.add(self.teachers)
        self.assertEqual(self.post("change", FORM).status_code, 302)
        self.assertEqual(list(self.teachers.personas.all()), [retired])
        self.assertFalse(self.teachers.language_models.exists())


class GroupDeleteTests(GroupTestCase):
    def delete(self):
        return self.post("delete", {"post": "yes"})

    def is_there(self):
        return Group.objects.filter(pk=self.teachers.pk).exists()

    def test_what_is_for_it_alone_is_not_opened_to_everybody(self):
        response = self.delete()
        for name in ("Helper", "big (Prices)"):
            self.assertContains(response, f"{name} is for no other group")
        self.assertTrue(self.is_there())
        self.assertNotIn(self.persona, Persona.objects.usable_by(self.carol))
        self.assertNotIn(self.model, LanguageModel.objects.usable_by(self.carol))

    def test_nor_where_all_its_groups_go_at_once(self):
        self.persona.groups.add(self.staff)
        chosen = [self.teachers.pk, self.staff.pk]
        form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
        response = self.client.post(LIST, form)
        self.assertContains(response, "Helper is for no other group")
        self.assertTrue(self.is_there())

    def test_nor_what_is_retired_and_may_come_back(self):
        self.model.groups.clear()
        Persona.objects.update(state=Persona.State.RETIRED)
        self.assertContains(self.delete(), "Helper is for no other group")
        self.assertTrue(self.is_there())

    def test_it_goes_once_others_may_use_what_it_might(self):
        self.persona.groups.add(self.staff)
        self.model.groups.clear()
        self.delete()
        self.assertFalse(self.is_there())
        self.assertNotIn(self.persona, Persona.objects.usable_by(self.carol))
