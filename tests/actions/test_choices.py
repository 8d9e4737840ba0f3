from django.contrib.auth.models import Group, Permission

from conversations.actions.choices import personas_for, personas_listed
from conversations.models import Persona
from tests.base import ChatTestCase, make_persona


class PersonasListedTests(ChatTestCase):
    def setUp(self):
        self.group = Group.objects.create(name="Physics")
        self.physicist = make_persona("physicist")
        self.draft = make_persona("draft", state=Persona.State.DRAFT)
        self.physicist.groups.add(self.group)

    def assert_same(self, user, personas):
        found = personas_listed(user)
        self.assertEqual(found, list(personas_for(user)))
        ours = {self.persona, self.physicist, self.draft}
        self.assertEqual(ours.intersection(found), set(personas))

    def test_everybody_has_the_open_ones_and_those_of_their_groups(self):
        self.assert_same(self.alice, [self.persona])
        self.alice.groups.add(self.group)
        self.assert_same(self.alice, [self.persona, self.physicist])
        self.assert_same(self.bob, [self.persona])

    def test_who_edits_personas_has_the_drafts_too(self):
        right = Permission.objects.get(codename="change_persona")
        self.carol.user_permissions.add(right)

        self.assert_same(self.carol, [self.persona, self.physicist, self.draft])

    def test_they_come_with_all_that_is_told_of_them(self):
        persona = next(p for p in personas_listed(self.alice) if p == self.persona)
        with self.assertNumQueries(0):
            self.assertEqual(persona.version.instructions, "Be brief.")
            self.assertIsNone(persona.version.model)
