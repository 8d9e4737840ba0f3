"""What goes out beside conversations comes back: prompts, settings, folders, order."""

import json
import zipfile

from django.utils import timezone

from conversations.actions.shares import create_share
from conversations.models import Feedback, Folder, Snippet, Transfer, UnsentText, User
from conversations.models.unsent import NEW_CHAT
from conversations.transfer import archive, belongings, files
from tests.base import PASSWORD, add_turn, make_conversation, make_persona
from tests.transfer.cases import ImportTestCase
from tests.transfer.packing import pack, talk

PROMPTS = {"format": belongings.PROMPTS, "version": 1}
SETTINGS = {"format": belongings.SETTINGS, "version": 1}
NOTE = "As steam is, indeed."  # words that no page says of itself


class WholeTests(ImportTestCase):
    """Alice has everything one can have, and moves to an account that is new."""

    def setUp(self):
        super().setUp()
        tutor = make_persona("tutor")
        User.objects.filter(pk=self.alice.pk).update(
            language="ko",
            theme="dark",
            text_size="large",
            send_key="ctrl",
            time_zone="Asia/Seoul",
            default_persona=tutor,
        )
        self.alice.refresh_from_db()
        Snippet.objects.create(owner=self.alice, name="mail", text="To {{who}}:\n")
        for position, (name, persona) in enumerate([("Zoo", tutor), ("Garden", None)]):
            Folder.objects.create(
                owner=self.alice, name=name, persona=persona, position=position
            )
        self.fill(self.conversation)
        self.talk_of_many()

    def fill(self, talk):
        """Give it a place in the list, branches, and what was thought of a reply."""
        talk.folder = self.alice.folders.get(name="Garden")
        talk.pinned_at = talk.archived_at = timezone.now()
        talk.replied_at = talk.updated_at
        add_turn(talk, "And ice?", "Cold.")
        talk.head = self.reply
        asked, reply = add_turn(talk, "And steam?", "Hot.")
        talk.leaves = {str(asked.pk): reply.pk}
        talk.save()
        reply.generation.reasoning_ms = 12_345
        reply.generation.prompt_tokens, reply.generation.completion_tokens = 40, 2
        reply.generation.save()
        self.share = create_share(
            user=self.alice,
            conversation=talk,
            audience="chosen",
            reader_names=["bob"],
        )
        for pk, text in [(NEW_CHAT, "And fog?"), (talk.pk, "And dew?")]:
            UnsentText.objects.create(
                user=self.alice,
                conversation_id=pk,
                text=text,
                written_at=timezone.now(),
            )
        Feedback.objects.create(reply=reply, user=self.alice, verdict="good", note=NOTE)

    def talk_of_many(self):
        talk = make_conversation(self.alice, self.persona, has_people=True)
        talk.replies_when = "mentioned"
        talk.save()
        add_turn(talk, "Mine", "Yours")
        talk.participants.create(user=self.bob, invited_by=self.alice)
        asked, _reply = add_turn(talk, "Bob's", "Ours")
        asked.author = self.bob
        asked.save()

    def export(self, owner):
        """Return what is in the ZIP of `owner`, its path, by the name of the file."""
        transfer = Transfer.objects.create(owner=owner, kind=Transfer.Kind.EXPORT)
        archive.run(transfer, lambda *progress: None)
        transfer.refresh_from_db()
        self.addCleanup(files.remove, transfer.result_file)
        path = files.result_path(transfer)
        with zipfile.ZipFile(path) as made:
            names = [name for name in made.namelist() if name.endswith(".json")]
            return {name: json.loads(made.read(name)) for name in names}, path

    def comparable(self, found):
        """Return it without keys, and without the name of whose it is."""
        talks = [value for name, value in found.items() if name.startswith("json/")]
        for value in talks:
            places = {m["id"]: at for at, m in enumerate(value["messages"])}
            leaves = value["leaves"].items()
            value["leaves"] = {places[int(pk)]: places[leaf] for pk, leaf in leaves}
            value["head"] = places[value["head"]]
            del value["id"], value["participants"]
            for message in value["messages"]:
                message["id"] = places[message["id"]]
                del message["tokens"]
                message["parent"] = places.get(message["parent"])
                if message["own"]:
                    del message["author"]
        for name in ("account", "unsent", "links"):
            del found["settings.json"][name]
        talks.sort(key=lambda value: len(value["messages"]))
        return talks, found["prompts.json"], found["settings.json"]

    def test_a_whole_account_comes_back_in_a_new_one_as_it_was(self):
        dora = User.objects.create_user("dora", "dora@example.org", PASSWORD)
        before, path = self.export(self.alice)
        report = self.take(path, dora)
        self.assertEqual((report["made"], report["skipped"]), (2, []))
        self.assertEqual(report["prompts"], {"made": 1, "known": 0})
        self.assertEqual(report["folders"], {"made": 2, "known": 0})
        self.assertEqual(report["settings"], {"made": 6, "known": 1})
        after, _path = self.export(User.objects.get(pk=dora.pk))
        self.assertEqual(self.comparable(after), self.comparable(before))

    def test_what_does_not_come_back_is_told(self):
        found, _path = self.export(self.alice)
        told = found["settings.json"]
        pk = str(self.conversation.pk)
        unsent = [(row["conversation"], row["text"]) for row in told["unsent"]]
        self.assertEqual(unsent, [(None, "And fog?"), (pk, "And dew?")])
        [link] = told["links"]
        self.assertEqual(link["link"], self.share.link)
        self.assertEqual((link["conversation"], link["readers"]), (pk, ["bob"]))
        talks = [value for name, value in found.items() if name.startswith("json/")]
        invited = [value["participants"] for value in talks if value["participants"]]
        self.assertEqual(invited, [["bob"]])
        messages = found[f"json/{pk}.json"]["messages"]
        self.assertEqual(messages[0]["tokens"], None)
        self.assertEqual(messages[-1]["tokens"]["completion"], 2)

    def test_who_owns_it_has_all_of_it_already(self):
        _found, path = self.export(self.alice)
        report = self.take(path)
        self.assertEqual((report["made"], report["known"]), (0, 2))
        self.assertEqual(report["skipped"], [])
        for kind, count in (("prompts", 1), ("folders", 2), ("settings", 7)):
            self.assertEqual(report[kind], {"made": 0, "known": count})

    def test_what_a_file_says_was_thought_is_not_told_to_who_edits_the_persona(self):
        _found, path = self.export(self.alice)
        self.take(path, self.bob)
        self.carol.is_superuser = self.carol.is_staff = True
        self.carol.save()
        self.client.force_login(self.carol)
        response = self.client.get("/admin/conversations/feedback/")
        self.assertContains(response, NOTE, 1)


class PromptTests(ImportTestCase):
    def bring(self, *prompts, owner=None):
        rows = [{"name": name, "text": text} for name, text in prompts]
        return self.take(PROMPTS | {"prompts": rows}, owner)

    def test_the_file_alone_will_do_and_again_is_harmless(self):
        self.assertEqual(self.bring(("mail", "Hi"))["prompts"]["made"], 1)
        self.assertEqual(self.bring(("mail", "Hi"))["prompts"], {"made": 0, "known": 1})
        self.assertEqual(self.alice.snippets.get().text, "Hi")

    def test_what_is_written_here_is_never_overwritten(self):
        Snippet.objects.create(owner=self.alice, name="mail", text="Mine")
        report = self.bring(("mail", "Another"))
        self.assertEqual(report["skipped"][0]["title"], "/mail")
        self.assertIn("of that name", report["skipped"][0]["why"])
        self.assertEqual(self.alice.snippets.get().text, "Mine")

    def test_what_no_prompt_can_be_is_left_out_with_a_reason(self):
        wrong = [("", "x"), ("x", ""), ("x" * 41, "x"), ("x", "y" * 20_001)]
        report = self.bring(*wrong, ("good", "Yes"))
        self.assertEqual(report["skipped_count"], len(wrong))
        self.assertTrue(all(row["why"] for row in report["skipped"]))
        self.assertEqual(report["prompts"], {"made": 1, "known": 0})

    def test_anything_in_their_place_is_left_out(self):
        for rows in (None, 7, "x", [None, 7, [], {}], [{"name": 1, "text": {}}]):
            with self.subTest(rows=rows):
                report = self.take(PROMPTS | {"prompts": rows})
                self.assertEqual(report["made"], 0)
        self.assertFalse(Snippet.objects.exists())

    def test_nobody_gets_prompts_of_the_site_or_of_others(self):
        self.bring(("mail", "Hi"), owner=self.bob)
        self.assertEqual(Snippet.objects.get().owner, self.bob)


class SettingsTests(ImportTestCase):
    def bring(self, **chosen):
        report = self.take(SETTINGS | {"settings": chosen})
        self.alice.refresh_from_db()
        return report, {row["title"]: row["why"] for row in report["skipped"]}

    def test_what_nobody_may_choose_is_left_out_with_a_reason(self):
        wrong = {
            "is_staff": True,
            "is_superuser": True,
            "password": "x",
            "username": "root",
            "email": "a@b.org",
            "accepted_terms": 1,
        }
        _report, why = self.bring(**wrong, theme="dark")
        self.assertEqual(set(why), set(wrong))
        self.assertEqual(self.alice.theme, "dark")
        self.assertFalse(self.alice.is_staff or self.alice.is_superuser)
        self.assertEqual(self.alice.username, "alice")
        self.assertTrue(self.alice.check_password(PASSWORD))

    def test_a_value_that_is_none_is_left_out_with_a_reason(self):
        for name, value in (
            ("theme", "neon"),
            ("theme", 7),
            ("theme", None),
            ("text_size", ["large"]),
            ("language", "tlh"),
            ("time_zone", "Mars/Olympus"),
            ("send_key", {"a": 1}),
            ("better_titles", "yes"),
            ("default_persona", "nobody"),
            ("default_persona", 7),
        ):
            with self.subTest(name, value=value):
                report, why = self.bring(**{name: value})
                self.assertEqual(list(why.values()), ["There is no such choice here."])
                self.assertNotIn("settings", report)

    def test_what_was_chosen_here_stays(self):
        User.objects.filter(pk=self.alice.pk).update(theme="light")
        _report, why = self.bring(theme="dark", text_size="large")
        self.assertEqual(self.alice.theme, "light")
        self.assertEqual(self.alice.text_size, "large")
        self.assertIn("otherwise", why["Theme"])

    def test_nobody_agrees_to_better_titles_by_a_file(self):
        _report, why = self.bring(better_titles=True)
        self.assertFalse(self.alice.better_titles)
        self.assertEqual(list(why), ["Better titles"])

    def test_a_persona_that_one_may_not_use_is_no_choice(self):
        make_persona("secret", state="draft")
        _report, why = self.bring(default_persona="secret")
        self.assertIsNone(self.alice.default_persona)
        self.assertEqual(list(why), ["Default persona"])


class FolderTests(ImportTestCase):
    def test_new_ones_follow_those_that_are_here_which_stay_as_they_are(self):
        Folder.objects.create(owner=self.alice, name="Zoo", position=3)
        rows = [{"name": name, "persona": "helper"} for name in ("Zoo", "B", "A", "")]
        report = self.take(SETTINGS | {"folders": rows})
        found = self.alice.folders.values_list("name", "persona__slug")
        self.assertEqual(list(found), [("Zoo", None), ("B", "helper"), ("A", "helper")])
        self.assertEqual(report["folders"], {"made": 2, "known": 1})
        self.assertEqual(report["skipped_count"], 1)


class ForeignZipTests(ImportTestCase):
    def test_files_of_that_name_in_the_zip_of_another_site_are_passed_over(self):
        members = {
            "conversations.json": [talk()],
            "settings.json": {"theme": "dark"},
            "prompts.json": [{"name": "x", "text": "y"}],
        }
        report = self.take(pack(self.folder / "a.zip", members))
        self.assertEqual((report["made"], report["skipped"]), (1, []))
        self.alice.refresh_from_db()
        self.assertEqual(self.alice.theme, "auto")
        self.assertFalse(Snippet.objects.exists())
