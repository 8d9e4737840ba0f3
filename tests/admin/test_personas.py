from io import BytesIO

from django.contrib.auth.models import Group
from django.urls import reverse
from PIL import Image

from conversations.models import LanguageModel, Persona

from .base import AdminTestCase, upload

LIST = reverse("admin:conversations_persona_changelist")
ADD = reverse("admin:conversations_persona_add")
NOTHING = "Nothing was changed, so there is no new version."


class PersonaFormTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.url = reverse("admin:conversations_persona_change", args=[self.persona.pk])

    def save(self, **changes):
        return self.client.post(self.url, self.persona_form(**changes))

    def sentences(self, **changes):
        response = self.client.post(self.url, self.persona_form(**changes), follow=True)
        return [str(message) for message in response.context["messages"]]

    def saved(self):
        return Persona.objects.select_related("version").get(pk=self.persona.pk)

    def errors(self, **changes):
        response = self.save(**changes)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.saved().version.number, 1)
        return response.context["adminform"].form.errors

    def test_changed_instructions_are_a_version_by_whoever_saved(self):
        self.save(instructions="Be long.", note="They asked for more")
        version = self.saved().version
        self.assertEqual((version.number, version.instructions), (2, "Be long."))
        self.assertEqual(
            (version.author, version.note), (self.bob, "They asked for more")
        )

    def test_saving_what_was_there_adds_no_version(self):
        self.save()
        self.assertEqual(self.saved().version.number, 1)

    def test_saving_what_was_there_says_that_nothing_was_changed(self):
        for changes in ({}, {"note": "No reason"}, {"_continue": "on"}):
            with self.subTest(changes):
                self.assertEqual(self.sentences(**changes), [NOTHING])

    def test_new_name_is_a_change_without_a_version(self):
        self.assertNotIn(NOTHING, self.sentences(name="Somebody"))

    def test_saving_the_form_as_the_page_shows_it_adds_no_version(self):
        self.save(instructions="One\n\n  two", starters="A\nB", temperature="0.7")
        form = self.client.get(self.url).context["adminform"].form
        shown = {
            name: form[name].value()
            for name in form.fields
            if form[name].value() not in (None, "", False)
        }
        shown["instructions"] = shown["instructions"].replace("\n", "\r\n")
        self.client.post(self.url, shown)
        self.assertEqual(self.saved().version.number, 2)

    def test_new_name_and_state_add_no_version(self):
        self.save(name="Somebody", state="retired")
        self.assertEqual(self.saved().version.number, 1)
        self.assertEqual(
            (self.saved().name, self.saved().state), ("Somebody", "retired")
        )

    def test_starters_are_one_a_line(self):
        self.save(starters="  What is rain?\r\n\r\nWhy is it wet? \n")
        self.assertEqual(self.saved().starters, ["What is rain?", "Why is it wet?"])

    def test_unknown_variable_is_named(self):
        errors = self.errors(instructions="Hi {{ user.name }}, {{weather}} {{ x }}")
        sentence = errors["instructions"][0]
        self.assertIn("{{ weather }}, {{ x }}", sentence)
        self.assertNotIn("{{ user.name }}, {{ weather", sentence)

    def test_known_variables_are_good(self):
        self.save(instructions="{{user.name}} {{ today }} {{ language }} {x}")
        self.assertEqual(self.saved().version.number, 2)

    def test_numbers_out_of_their_limits_are_refused(self):
        for name, values in {
            "temperature": ["-0.1", "2.1", "nan", "warm"],
            "top_p": ["-0.1", "1.1"],
            "max_output_tokens": ["0", "-1", "1.5"],
            "history_turns": ["0", ""],
            "history_policy": ["some"],
        }.items():
            for value in values:
                with self.subTest(name=name, value=value):
                    self.assertIn(name, self.errors(**{name: value}))

    def test_numbers_at_their_limits_are_good(self):
        self.save(temperature="2", top_p="1", max_output_tokens="1")
        self.assertEqual(self.saved().version.temperature, 2)

    def test_groups_are_who_may_use_it(self):
        group = Group.objects.create(name="Teachers")
        self.save(groups=[group.pk])
        self.assertNotIn(self.persona, Persona.objects.usable_by(self.alice))
        self.save()
        self.assertIn(self.persona, Persona.objects.usable_by(self.alice))

    def test_model_can_be_chosen(self):
        model = LanguageModel.objects.default()
        self.save(model=model.pk)
        self.assertEqual(self.saved().version.model, model)

    def test_image_is_made_safe(self):
        file = BytesIO()
        Image.new("RGB", (50, 90)).save(file, "PNG")
        self.save(avatar=upload(file.getvalue() + b"<script>"))
        url = self.saved().avatar_url
        response = self.client.get(url)
        self.assertIn("sandbox", response["Content-Security-Policy"])
        content = b"".join(response.streaming_content)
        self.assertEqual(Image.open(BytesIO(content)).format, "WEBP")
        self.assertNotIn(b"script", content)

    def test_image_can_be_removed(self):
        file = BytesIO()
        Image.new("RGB", (50, 90)).save(file, "PNG")
        self.save(avatar=upload(file.getvalue()))
        self.save(remove_avatar="on")
        self.assertEqual(self.saved().avatar_url, "")

    def test_an_emoji_of_many_parts_is_good_and_a_word_is_not(self):
        self.save(avatar_emoji="👩🏽‍🏫")
        self.assertEqual(self.saved().avatar_emoji, "👩🏽‍🏫")
        self.assertIn("avatar_emoji", self.errors(avatar_emoji="teacher"))

    def test_svg_is_refused_with_a_sentence(self):
        errors = self.errors(avatar=upload(b"<svg onload=alert(1)>", "face.svg"))
        self.assertIn("PNG", errors["avatar"][0])

    def test_hostile_text_stays_text(self):
        evil = '<script>alert("1")</script>'
        self.save(name=evil, description=evil, instructions=evil, starters=evil)
        for url in (LIST, self.url):
            self.assertNotContains(self.client.get(url), "<script>alert")

    def test_new_persona_has_its_first_version(self):
        form = self.persona_form(name="Poet", slug="poet", instructions="Rhyme.")
        self.client.post(ADD, form)
        version = Persona.objects.get(slug="poet").version
        self.assertEqual((version.number, version.author), (1, self.bob))

    def test_persona_without_a_short_name_gets_a_free_one(self):
        for name in ("선생님", "老师"):
            self.client.post(ADD, self.persona_form(name=name, slug=""))
        slugs = Persona.objects.filter(name__in=["선생님", "老师"])
        self.assertEqual(
            sorted(slugs.values_list("slug", flat=True)), ["persona-1", "persona-2"]
        )

    def test_emptied_short_name_stays_what_it_was(self):
        self.save(slug="", name="선생님")
        self.assertEqual(self.saved().slug, self.persona.slug)

    def test_next_reply_is_told_the_new_instructions(self):
        self.save(instructions="Be long.")
        self.conversation.refresh_from_db()
        self.assertEqual(self.conversation.persona.version.instructions, "Be long.")

    def test_who_may_only_look_sees_no_form(self):
        self.become(self.carol, "view_persona")
        response = self.client.get(self.url)
        self.assertNotContains(response, "<textarea")
        self.assertNotContains(response, "persona-trial")
        self.assertEqual(self.save(instructions="Mine").status_code, 403)
        self.assertEqual(self.saved().version.number, 1)

    def test_nobody_deletes_a_persona(self):
        url = reverse("admin:conversations_persona_delete", args=[self.persona.pk])
        self.assertEqual(self.client.post(url, {"post": "yes"}).status_code, 403)


class PersonaListTests(AdminTestCase):
    def test_takes_the_same_queries_for_many(self):
        with self.assertNumQueries(6):
            self.client.get(LIST)
        model = LanguageModel.objects.default()
        for number in range(12):
            form = self.persona_form(
                name=f"P{number}", slug=f"p{number}", model=model.pk
            )
            self.client.post(ADD, form)
        with self.assertNumQueries(6):
            response = self.client.get(LIST)
        self.assertContains(response, str(model), count=12)

    def test_is_searched_by_name_slug_and_description(self):
        for words in (self.persona.name, self.persona.slug):
            with self.subTest(words):
                found = self.client.get(LIST, {"q": words}).context["cl"].result_list
                self.assertIn(self.persona, found)
        self.assertContains(self.client.get(LIST, {"q": "nowhere"}), "0 personas")

    def test_publishes_and_retires_the_chosen(self):
        for action, state in (("retire", "retired"), ("publish", "published")):
            data = {"action": action, "_selected_action": [self.persona.pk]}
            self.client.post(LIST, data)
            self.persona.refresh_from_db()
            self.assertEqual(self.persona.state, state)
