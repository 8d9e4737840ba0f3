"""Prompts: two of one owner never have the same name, whoever was quicker."""

from conversations.actions.refusals import Refusal
from conversations.actions.snippets import save_snippet
from conversations.models import Snippet
from tests.base import ChatTestCase


class SaveSnippetTests(ChatTestCase):
    def test_a_name_is_given_once_by_each_owner(self):
        for owner in (self.alice, self.bob, None):
            with self.subTest(owner=owner):
                save_snippet(snippet=Snippet(owner=owner), name="mail", text="One")
                with self.assertRaisesMessage(Refusal, "a prompt of that name"):
                    save_snippet(snippet=Snippet(owner=owner), name="mail", text="Two")
                kept = Snippet.objects.get(owner=owner, name="mail")
                self.assertEqual(kept.text, "One")
