from django.contrib.auth.models import Group

from conversations.models import User
from tests.base import ChatTestCase


class PeopleTests(ChatTestCase):
    def test_who_is_asked_for_by_pk_is_who_is_there_now(self):
        self.assertEqual(User.objects.get(pk=self.alice.pk).username, "alice")
        User.objects.filter(pk=self.alice.pk).update(username="alicia")

        found = User.objects.get(pk=self.alice.pk)

        self.assertEqual(found.username, "alicia")
        self.assertEqual(vars(found).keys(), vars(User.objects.get(id=found.pk)).keys())

    def test_nobody_is_not_found_however_they_are_asked_for(self):
        for asked in ({"pk": 0}, {"id": 0}, {"pk": "0"}, {"username": "nobody"}):
            with self.subTest(asked=asked), self.assertRaises(User.DoesNotExist):
                User.objects.get(**asked)

    def test_pk_may_be_a_text_or_stand_beside_other_questions(self):
        self.assertEqual(User.objects.get(pk=str(self.bob.pk)), self.bob)
        self.assertEqual(User.objects.get(pk=self.bob.pk, username="bob"), self.bob)
        with self.assertRaises(User.DoesNotExist):
            User.objects.get(pk=self.bob.pk, username="alice")

    def test_who_is_asked_for_among_some_is_one_of_them(self):
        group = Group.objects.create(name="Teachers")
        group.user_set.add(self.bob)
        self.assertEqual(group.user_set.get(pk=self.bob.pk), self.bob)
        with self.assertRaises(User.DoesNotExist):
            group.user_set.get(pk=self.alice.pk)
