import json

from django.urls import reverse

from conversations.models import Folder
from tests.base import ChatTestCase, make_conversation, make_persona


class FolderTests(ChatTestCase):
    def setUp(self):
        self.client.force_login(self.alice)
        self.folder = Folder.objects.create(owner=self.alice, name="Work")

    def url(self, name, *arguments):
        return reverse(f"conversations:folder_{name}", args=arguments)

    def ask(self, url, data):
        headers = {"accept": "application/json"}
        response = self.client.post(url, data, headers=headers)
        return response.status_code, json.loads(response.content)

    def names(self):
        mine = Folder.objects.editable_by(self.alice)
        return list(mine.values_list("name", flat=True))

    def test_made_with_a_name_and_a_persona(self):
        response = self.client.post(
            self.url("create"), {"name": "Home", "persona": self.persona.pk}
        )
        made = Folder.objects.get(name="Home")
        self.assertEqual((made.owner, made.persona), (self.alice, self.persona))
        self.assertTrue(response.url.endswith(f"?folder={made.pk}"))

    def test_a_script_is_told_which_one_was_made(self):
        _, answer = self.ask(self.url("create"), {"name": "Home"})
        self.assertEqual(answer["folder"], Folder.objects.get(name="Home").pk)

    def test_a_wrong_name_is_asked_for_again(self):
        for name in ("", "Work", "x" * 81):
            with self.subTest(name):
                response = self.client.post(self.url("create"), {"name": name})
                self.assertEqual(response.status_code, 422)
                self.assertContains(response, "folder-name-error", status_code=422)
                status, answer = self.ask(self.url("create"), {"name": name})
                self.assertEqual(status, 422)
                self.assertIn("notice--error", answer["notice"])
        self.assertEqual(self.names(), ["Work"])

    def test_a_persona_one_may_not_use_is_none(self):
        hidden = make_persona("hidden", state="retired")
        data = {"name": "Home", "persona": hidden.pk}
        self.assertEqual(self.client.post(self.url("create"), data).status_code, 422)

    def test_renamed_and_removed(self):
        status, answer = self.ask(self.url("rename", self.folder.pk), {"name": "Play"})
        self.assertEqual((status, self.names()), (200, ["Play"]))
        self.assertEqual(answer["frames"], [{"type": "folders.changed"}])
        self.client.post(self.url("remove", self.folder.pk))
        self.assertEqual(self.names(), [])

    def test_put_into_another_place(self):
        home = Folder.objects.create(owner=self.alice, name="Home", position=1)
        place = self.url("place", home.pk)
        self.client.post(place, {"before": self.folder.pk})
        self.assertEqual(self.names(), ["Home", "Work"])
        self.client.post(place, {"before": ""})
        self.assertEqual(self.names(), ["Work", "Home"])
        self.assertEqual(self.client.post(place, {"before": "x"}).status_code, 404)

    def test_the_menu_says_where_it_can_go(self):
        for number, name in enumerate(("b", "c"), start=1):
            Folder.objects.create(owner=self.alice, name=name, position=number)
        menu = self.client.get(self.url("menu", self.folder.pk), {"fragment": 1})
        self.assertNotContains(menu, "Move up")
        self.assertContains(menu, "Move down")

    def test_a_stranger_finds_no_folder(self):
        self.client.force_login(self.carol)
        for name in ("menu", "rename", "remove", "place"):
            with self.subTest(name):
                url = self.url(name, self.folder.pk)
                ask = self.client.get if name == "menu" else self.client.post
                self.assertEqual(ask(url).status_code, 404)
        listed = reverse("conversations:conversation_list")
        response = self.client.get(listed, {"folder": self.folder.pk})
        self.assertEqual(response.status_code, 404)

    def test_what_is_in_it_is_listed_there_and_not_by_day(self):
        make_conversation(self.alice, self.persona, title="Inside", folder=self.folder)
        listed = reverse("conversations:conversation_list")
        self.assertNotContains(self.client.get(listed), "Inside")
        inside = self.client.get(listed, {"folder": self.folder.pk, "fragment": 1})
        self.assertContains(inside, "Inside")
        self.client.cookies["open_folders"] = f"x.{self.folder.pk}.99999999999999999999"
        self.assertContains(self.client.get(listed), "Inside")

    def test_a_new_chat_in_it_is_with_its_persona(self):
        other = make_persona("other")
        self.folder.persona = other
        self.folder.save()
        new = reverse("conversations:conversation_new")
        context = self.client.get(new, {"folder": self.folder.pk}).context
        self.assertEqual((context["folder"], context["persona"]), (self.folder, other))
        data = {"folder": self.folder.pk, "persona": "helper"}
        self.assertEqual(self.client.get(new, data).context["persona"], self.persona)
        self.client.force_login(self.bob)
        for folder in (self.folder.pk, "x", "9" * 40):
            context = self.client.get(new, {"folder": folder}).context
            self.assertIsNone(context["folder"])
