from django.test import SimpleTestCase
from django.urls import reverse

from conversations.actions.personas import add_version
from conversations.admin.persona_diff import diff
from conversations.admin.persona_versions import VERSIONS_PER_PAGE

from .base import AdminTestCase


class PersonaVersionsTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.url = reverse(
            "admin:conversations_persona_versions", args=[self.persona.pk]
        )
        self.add("Be <b>very</b> brief.", note="Even <i>shorter</i>")

    def add(self, instructions, note=""):
        content = self.persona.version.content | {"instructions": instructions}
        add_version(persona=self.persona, content=content, author=self.alice, note=note)

    def restore(self, number=1):
        arguments = [self.persona.pk, number]
        url = reverse("admin:conversations_persona_restore", args=arguments)
        return self.client.post(url, follow=True)

    def test_lists_each_with_author_note_and_difference(self):
        response = self.client.get(self.url)
        self.assertContains(response, "Version 2")
        self.assertContains(response, "Version 1")
        self.assertContains(response, "alice")
        self.assertContains(response, "Even &lt;i&gt;shorter&lt;/i&gt;")
        self.assertContains(response, "Be<ins> &lt;b&gt;very&lt;/b&gt;</ins> brief.")

    def test_is_linked_from_the_persona(self):
        page = reverse("admin:conversations_persona_change", args=[self.persona.pk])
        self.assertContains(self.client.get(page), self.url)

    def test_restoring_makes_a_new_version_of_the_old_content(self):
        response = self.restore(1)
        self.persona.refresh_from_db()
        self.assertEqual(self.persona.version.number, 3)
        self.assertEqual(self.persona.version.instructions, "Be brief.")
        self.assertEqual(self.persona.version.author, self.bob)
        self.assertContains(response, "Version 1 is back, as version 3.")

    def test_the_one_in_use_is_not_restored(self):
        self.restore(2)
        self.assertEqual(self.persona.versions.count(), 2)

    def test_restoring_is_by_post_only(self):
        url = reverse("admin:conversations_persona_restore", args=[self.persona.pk, 1])
        self.assertEqual(self.client.get(url).status_code, 405)

    def test_what_is_not_there_is_404(self):
        self.assertEqual(self.restore(9).status_code, 404)
        url = reverse("admin:conversations_persona_versions", args=[10**6])
        self.assertEqual(self.client.get(url).status_code, 404)

    def test_who_may_look_may_not_restore(self):
        self.become(self.carol, "view_persona")
        self.assertNotContains(self.client.get(self.url), "Restore")
        self.assertEqual(self.restore().status_code, 403)

    def test_who_may_do_nothing_here_sees_nothing(self):
        self.become(self.carol, "view_user")
        self.assertEqual(self.client.get(self.url).status_code, 403)
        self.assertEqual(self.restore().status_code, 403)

    def test_many_are_paged_and_the_last_of_a_page_has_its_difference(self):
        for number in range(VERSIONS_PER_PAGE):
            self.add(f"Be {number}.")
        newest = self.client.get(self.url)
        shown = newest.context["versions"]
        self.assertEqual(len(shown), VERSIONS_PER_PAGE)
        self.assertEqual(len(shown[-1].changes), 1)
        older = self.client.get(self.url, {"before": newest.context["older"]})
        self.assertEqual([v.number for v in older.context["versions"]], [2, 1])
        self.assertIsNone(older.context["older"])

    def test_takes_the_same_queries_for_many(self):
        for number in range(10):
            self.add(f"Be {number}.")
        with self.assertNumQueries(4):
            self.client.get(self.url)


class DiffTests(SimpleTestCase):
    def test_marks_words(self):
        self.assertEqual(
            diff("Be kind to all people", "Be good to all people"),
            "Be <del>kind</del><ins>good</ins> to all people",
        )

    def test_marks_characters_where_words_have_no_spaces(self):
        self.assertEqual(
            diff("你是中文助手小墨", "你是英文助手小墨"),
            "你是<del>中</del><ins>英</ins>文助手小墨",
        )

    def test_words_that_changed_side_by_side_are_one_change(self):
        self.assertEqual(
            diff("Never invent any facts at all", "Do not make up any facts at all"),
            "<del>Never invent</del><ins>Do not make up</ins> any facts at all",
        )

    def test_leaves_out_lines_far_from_a_change(self):
        lines = [f"line {number}" for number in range(20)]
        shown = diff("\n".join(lines), "\n".join([*lines[:-1], "end"]))
        self.assertTrue(shown.startswith("⋯\nline 17\nline 18\n"))

    def test_escapes_everything(self):
        shown = diff("<a> & b\nsame <c>", "<a> & <d>\nsame <c>")
        self.assertNotRegex(shown, "<(?!/?(ins|del)>)")

    def test_a_huge_change_is_shown_whole(self):
        shown = diff("a " * 5000, "b " * 5000)
        self.assertEqual((shown.count("<del>"), shown.count("<ins>")), (1, 1))
