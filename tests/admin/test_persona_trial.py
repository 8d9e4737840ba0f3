import asyncio
import json

from django.test import override_settings
from django.urls import reverse

from conversations import rendering
from conversations.actions.providers import save_provider
from conversations.models import Generation, LanguageModel, Message, Provider
from tests.fakes import HANG, Delta

from .base import CONTENT, ProviderTestCase

URL = reverse("admin:conversations_persona_try")


async def _parts(response):
    """Yield the body as it comes."""
    if not response.streaming:
        yield response.content
        return
    async for part in response.streaming_content:
        yield part


class PersonaTrialTests(ProviderTestCase):
    def setUp(self):
        super().setUp()
        provider = Provider(name="Ours", base_url=self.upstream.base_url)
        save_provider(provider=provider, api_key=self.upstream.api_key)
        self.model = LanguageModel.objects.create(provider=provider, api_name="big")

    async def ask(self, question="What is water?", **changes):
        form = {**CONTENT, "model": self.model.pk, "question": question, **changes}
        return await self.async_client.post(URL, form)

    async def answer(self, *arguments, **changes):
        """Return the frames of the whole answer."""
        await self.sign_in()
        try:
            response = await self.ask(*arguments, **changes)
            parts = [part async for part in _parts(response)]
        finally:
            await self.let_go()
        return [json.loads(line) for line in b"".join(parts).splitlines()]

    async def end(self, *arguments, **changes):
        frames = await self.answer(*arguments, **changes)
        return frames[-1]["end"]

    async def test_reply_grows_to_what_the_model_said(self):
        self.upstream.reply("Water is **wet**.\n\nVery.", chunk=3)
        *frames, last = await self.answer()
        html = []
        for frame in frames:
            html = rendering.apply_ops(html, frame["ops"])
        self.assertEqual("".join(html), rendering.render("Water is **wet**.\n\nVery."))
        self.assertEqual(last["end"]["sentence"], "")
        self.assertIn("big", last["end"]["facts"])

    async def test_asks_as_the_form_says_and_not_as_was_saved(self):
        await self.answer(
            instructions="You are {{ user.name }}'s poet.",
            temperature="0.3",
            top_p="0.9",
            max_output_tokens="77",
        )
        body = self.upstream.bodies[0]
        self.assertEqual(
            body["messages"],
            [
                {"role": "system", "content": "You are bob's poet."},
                {"role": "user", "content": "What is water?"},
            ],
        )
        self.assertEqual((body["temperature"], body["top_p"]), (0.3, 0.9))
        self.assertEqual(body["max_tokens"], 77)

    async def test_nothing_is_saved(self):
        counts = [await m.objects.acount() for m in (Message, Generation)]
        await self.answer(instructions="Something else")
        after = [await m.objects.acount() for m in (Message, Generation)]
        self.assertEqual(counts, after)
        self.assertEqual(await self.persona.versions.acount(), 1)

    async def test_reasoning_arrives_as_such(self):
        self.upstream.reply_pieces([Delta({"reasoning_content": "Hm."}), "Yes."])
        frames = await self.answer()
        self.assertEqual({f.get("kind") for f in frames[:-1]}, {"reasoning", "text"})

    async def test_first_words_do_not_wait_for_the_last(self):
        hold = self.upstream.hold()
        self.upstream.reply_pieces(["First ", hold, "last"])
        await self.sign_in()
        try:
            stream = _parts(await self.ask())
            self.assertIn(b"First", await anext(stream))
            hold.release()
            self.assertIn(b"last", b"".join([part async for part in stream]))
        finally:
            await self.let_go()

    async def test_leaving_ends_the_upstream_call(self):
        """Leaving cancels the task that sends the answer; that is Django's doing."""
        self.upstream.reply_pieces(["First ", HANG])
        await self.sign_in()
        began = asyncio.Event()

        async def send(response):
            async for _part in _parts(response):
                began.set()

        try:
            sending = asyncio.create_task(send(await self.ask()))
            await began.wait()
            sending.cancel()
            await self.upstream.requests[0].client_left()
        finally:
            await self.let_go()

    async def test_error_of_the_provider_is_a_sentence_for_the_administrator(self):
        self.upstream.fail(404, error={"code": "model_not_found"})
        end = await self.end()
        self.assertIn("Fetch its models", end["sentence"])
        self.assertIn("HTTP 404", end["sentence"])

    async def test_end_for_want_of_room_is_said(self):
        self.upstream.reply_pieces(["Half"], finish="length")
        self.assertIn("greatest length", (await self.end())["sentence"])

    async def test_silence_at_the_end_is_no_completion(self):
        self.upstream.reply_pieces(["Half"], finish=None)
        self.assertIn("cut off", (await self.end())["sentence"])

    async def test_what_is_wrong_with_the_form_is_said(self):
        end = await self.end(instructions="{{ weather }}", temperature="9")
        self.assertIn("Instructions: ", end["sentence"])
        self.assertIn("{{ weather }}", end["sentence"])
        self.assertIn("Temperature: ", end["sentence"])
        self.assertEqual(self.upstream.requests, [])

    async def test_name_and_short_name_are_not_needed_to_try(self):
        self.assertEqual((await self.end(name="", slug=""))["sentence"], "")

    async def test_without_a_question_it_asks_for_one(self):
        self.assertIn("question", (await self.end(" "))["sentence"])

    @override_settings(OPENAI_API_KEY="", OPENAI_BASE_URL="")
    async def test_without_a_key_the_demo_model_answers(self):
        frames = await self.answer(model="")
        self.assertGreater(len(frames), 1)
        self.assertEqual(frames[-1]["end"]["sentence"], "")

    def test_only_who_may_edit_personas_may_try_them(self):
        for permissions, status in (
            (["view_persona"], 403),
            (["change_provider"], 403),
            (["change_persona"], 400),
            (["add_persona"], 400),
        ):
            with self.subTest(permissions):
                self.become(self.carol, *permissions)
                self.assertEqual(self.client.post(URL).status_code, status)

    def test_people_are_sent_away(self):
        self.client.force_login(self.alice)
        self.assertEqual(self.client.post(URL).status_code, 302)

    def test_is_asked_by_post_only(self):
        self.assertEqual(self.client.get(URL).status_code, 405)
