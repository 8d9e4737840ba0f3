"""Who finds what, in which order, and how it is shown."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from conversations.models import Conversation, Folder, Message
from conversations.search import find, nearest
from tests.base import ChatTestCase, add_turn, make_conversation, make_persona

TEXTS = {
    "en": "The rainbow appears after the rain",
    "id": "Pelangi muncul sesudah hujan deras",
    "zh": "雨后的天空出现了彩虹，很漂亮",
    "ja": "雨のあとに虹が出ました。カタカナも",
    "ko": "비가 온 뒤에 무지개가 떴습니다",
    "th": "หลังฝนตกมีสายรุ้งสวยงาม",
    "ru": "После дождя появилась радуга. Ёлка",
    "accents": "Un café crème à Düsseldorf",
    "wide": "ＡＢＣ株式会社 ﾃｽﾄ",
}
FOUND_BY = {
    "en": ["rainbow", "RAINBOW", "rain rainbow", '"after the rain"', "appea"],
    "id": ["pelangi", "hujan deras", "sesud"],
    "zh": [
        "彩虹",
        "天空",
        "彩",
        "很漂亮",
        "天空出现了彩虹",
        '"出现了彩虹"',
        "后的 漂亮",
    ],
    "ja": ["虹が", "カタ", "ｶﾀｶﾅ", "ました"],
    "ko": ["무지개", "무지", "떴습니다", "비가 무지개"],
    "th": ["สายรุ้ง", "ฝน", "สวยงาม"],
    "ru": ["радуга", "РАДУГА", "елка"],
    "accents": ["cafe creme", "dusseldorf", "CAFÉ", "Dussel"],
    "wide": ["abc", "株式", "テスト", "ｔｅｓｔ OR"],
}


class FindingTestCase(ChatTestCase):
    def say(self, text, *, title="Untold", owner=None, **fields):
        talk = make_conversation(
            owner or self.alice, self.persona, title=title, **fields
        )
        Message.objects.create(conversation=talk, role="user", text=text)
        return talk

    def found(self, query, user=None, **named):
        page = find(user or self.alice, query, **named)
        return [hit.message.text for group in page.groups for hit in group.hits]

    def titles(self, query):
        return [g.conversation.title for g in find(self.alice, query).groups]


class LanguageTests(FindingTestCase):
    def test_every_language_is_found_by_its_words_and_no_other(self):
        for text in TEXTS.values():
            self.say(text)
        for language, queries in FOUND_BY.items():
            for query in queries:
                with self.subTest(query):
                    expected = [] if " OR" in query else [TEXTS[language]]
                    self.assertEqual(self.found(query), expected)

    def test_words_of_one_message_only_count_together(self):
        self.say("The rain")
        self.say("The rainbow")
        self.assertEqual(self.found("rain rainbow"), [])

    def test_a_phrase_keeps_its_order(self):
        self.say("after the rain")
        self.assertEqual(self.found('"the rain after"'), [])
        self.assertEqual(self.found("rain after"), ["after the rain"])


class WhoseTests(FindingTestCase):
    def test_others_find_nothing_of_mine(self):
        self.say("A private walrus", title="Walrus")
        self.assertEqual(find(self.bob, "walrus").groups, [])

    def test_nobody_becomes_another_by_writing_their_mark(self):
        self.say(f"¤{self.bob.pk} ¤{self.bob.pk}t u{self.bob.pk} walrus")
        for query in (f"¤{self.bob.pk}", f'"¤{self.bob.pk}" walrus', "walrus"):
            self.assertEqual(find(self.bob, query).groups, [])

    def test_no_question_breaks_out_of_its_quotes(self):
        self.say("A private walrus")
        for query in ('" OR "x', "walrus') OR ('1", "walrus* NOT", "a:* & !b", "\x00'"):
            with self.subTest(query):
                self.assertEqual(self.found(query, self.bob), [])

    def test_what_is_archived_is_found_and_can_be_asked_for(self):
        self.say("A walrus", archived_at=timezone.now())
        self.say("Another walrus")
        self.assertEqual(len(self.found("walrus")), 2)
        self.assertEqual(self.found("walrus is:archived"), ["A walrus"])


class OperatorTests(FindingTestCase):
    def test_persona(self):
        persona = make_persona("sea-tutor")
        talk = make_conversation(self.alice, persona, title="Class")
        add_turn(talk, "A walrus?", "A walrus.")
        self.say("A walrus elsewhere")
        self.assertEqual(len(self.found("walrus persona:sea-tutor")), 2)
        self.assertEqual(len(self.found("walrus persona:SEA")), 2)
        page = find(self.alice, "walrus persona:nobody")
        self.assertEqual(page.groups, [])
        self.assertIn("nobody", page.problems[0])

    def test_personas_one_never_met_are_not_told_of(self):
        make_persona("top-secret", state="draft")
        told = [find(self.alice, f"persona:{n}").problems for n in ("top-secret", "no")]
        self.assertEqual(told[0][0].replace("top-secret", "no"), told[1][0])

    def test_folder(self):
        folder = Folder.objects.create(owner=self.alice, name="Ma école")
        Folder.objects.create(owner=self.bob, name="Theirs")
        self.say("A walrus", folder=folder)
        self.say("A walrus elsewhere")
        self.assertEqual(self.found('walrus folder:"ma ecole"'), ["A walrus"])
        self.assertTrue(find(self.alice, "walrus folder:theirs").problems)

    def test_pinned(self):
        self.say("A walrus", pinned_at=timezone.now())
        self.say("A walrus elsewhere")
        self.assertEqual(self.found("walrus pinned:yes"), ["A walrus"])
        self.assertEqual(self.found("walrus pinned:no"), ["A walrus elsewhere"])

    def test_days_are_exact(self):
        for hour in (0, 23, 24, 47):
            talk = self.say(f"Walrus at {hour}")
            moment = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(
                hours=hour, minutes=30
            )
            rewrite(talk, moment)
        found = self.found("walrus after:2025-03-02")
        self.assertEqual(set(found), {"Walrus at 24", "Walrus at 47"})
        found = self.found("walrus before:2025-03-02")
        self.assertEqual(set(found), {"Walrus at 0", "Walrus at 23"})
        with timezone.override("Asia/Kolkata"):
            found = self.found("walrus before:2025-03-02")
        self.assertEqual(found, ["Walrus at 0"])

    def test_operators_alone_list_the_conversations(self):
        self.say("Words", title="Kept", archived_at=timezone.now())
        self.assertEqual(self.titles("is:archived"), ["Kept"])
        self.assertEqual(self.found("is:archived"), [])


def rewrite(talk, moment):
    """Have the only message of `talk` be of `moment`."""
    message = talk.messages.get()
    text = message.text
    message.delete()
    Message.objects.create(conversation=talk, role="user", text=text, created_at=moment)


class PageTests(FindingTestCase):
    def add(self, count):
        now = timezone.now()
        for number in range(count):
            talk = make_conversation(self.alice, self.persona, title=f"Number {number}")
            Message.objects.create(
                conversation=talk,
                role="user",
                text=f"Walrus {number}",
                created_at=now - timedelta(days=number * 7 % 50),
            )

    def test_the_newest_come_first_and_each_stands_on_one_page(self):
        self.add(50)
        found, before, pages = [], None, 0
        while True:
            page = find(self.alice, "walrus", before=before)
            found += [hit.message for group in page.groups for hit in group.hits]
            pages += 1
            if (before := page.next_before) is None:
                break
        self.assertEqual(pages, 3)
        self.assertEqual(len({message.pk for message in found}), 50)
        moments = [message.created_at for message in found]
        self.assertEqual(moments, sorted(moments, reverse=True))

    def test_hits_of_one_conversation_stand_together(self):
        talk = self.say("The first walrus", title="Walruses")
        Message.objects.create(conversation=talk, role="user", text="The next walrus")
        (group,) = find(self.alice, "walrus").groups
        self.assertEqual(
            [hit.message.text for hit in group.hits],
            ["The next walrus", "The first walrus"],
        )

    def test_a_page_takes_few_queries(self):
        self.add(30)
        with self.assertNumQueries(3):
            find(self.alice, "walrus")

    def test_nothing_is_asked_when_nothing_is_typed(self):
        with self.assertNumQueries(0):
            self.assertEqual(find(self.alice, "  ").groups, [])


class NearestTests(FindingTestCase):
    def test_a_typo_is_offered_as_the_word_that_was_meant(self):
        self.say("The rainbow appears")
        for typo in ("rainbwo", "rainbo2", "ranbow", "raiinbow"):
            with self.subTest(typo):
                self.assertEqual(nearest(self.alice, typo), ["rainbow"])

    def test_the_rest_of_the_question_stays(self):
        self.say("The rainbow appears", pinned_at=timezone.now())
        self.assertEqual(
            nearest(self.alice, "ranbow appears pinned:yes"),
            ["rainbow appears pinned:yes"],
        )

    def test_words_that_are_never_together_are_offered_alone(self):
        self.say("A walrus")
        self.say("A rainbow")
        self.assertEqual(nearest(self.alice, "walrus rainbow"), ["walrus", "rainbow"])

    def test_a_part_of_a_chinese_word_is_offered(self):
        self.say("雨后彩虹")
        self.assertEqual(nearest(self.alice, "彩虹桥"), ["彩虹"])

    def test_a_word_of_two_signs_is_offered_for_one_with_another_sign(self):
        self.say("雨后彩虹")
        self.say("彩虹的彩色，在红色的天空")
        for typo in ("彩红", "才虹"):
            with self.subTest(typo):
                self.assertEqual(nearest(self.alice, typo), ["彩虹"])
        self.assertEqual(nearest(self.alice, "很虎"), [])

    def test_one_wrong_sign_of_a_longer_word_is_offered_as_it_most_often_is(self):
        self.say("비가 온 뒤에 무지개가 떴습니다, 彩虹很美")
        for typo, meant in (("彩虹很每", "彩虹很美"), ("무지게", "무지개")):
            with self.subTest(typo):
                self.assertEqual(nearest(self.alice, typo), [meant])

    def test_what_is_too_long_for_a_word_is_compared_with_none(self):
        """Comparing takes the longer, and the process does nothing else meanwhile."""
        sentence, word = "我们今天在山上看见了一道很美的彩虹", "abcdefghij" * 5
        self.say(f"{sentence} {word}")
        typo = sentence.replace("看", "石")
        self.assertNotIn(sentence, nearest(self.alice, typo))
        self.assertEqual(nearest(self.alice, f"{word}k"), [])

    def test_nobody_is_offered_a_word_of_others(self):
        self.say("The rainbow appears", owner=self.bob)
        self.assertEqual(nearest(self.alice, "ranbow"), [])

    def test_what_would_find_nothing_is_not_offered(self):
        talk = self.say("The rainbow appears")
        Conversation.objects.filter(pk=talk.pk).update(deleted_at=timezone.now())
        self.assertEqual(nearest(self.alice, "ranbow"), [])
