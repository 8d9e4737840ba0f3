"""So many messages that a search has something to do, with words of all frequencies."""

import random
import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from conversations.models import Conversation, Message

EACH = 50  # messages of a conversation
BATCH = 200  # conversations
RARE, CHINESE = "zyzzyva", "天气"
CONSONANTS, VOWELS = "bcdfghjklmnprstvwz", "aeiou"
SIGNS = "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下"


class Library:
    """Texts of a made-up language, in which some words are in every text."""

    def __init__(self):
        self._random = random.Random(1)
        vocabulary = list({self._word() for _ in range(40_000)})
        weights = [1 / (rank + 2) for rank in range(len(vocabulary))]
        self._words = self._random.choices(vocabulary, weights, k=1_000_000)
        self._made = 0
        self.common = vocabulary[0]
        self.frequent = vocabulary[20]

    def _word(self):
        parts = self._random.randint(1, 4)
        choose = self._random.choice
        return "".join(choose(CONSONANTS) + choose(VOWELS) for _ in range(parts))

    def text(self, is_reply):
        """Return a question or a reply; one of eight is Chinese, a few have RARE."""
        self._made += 1
        length = self._random.randint(40, 140) if is_reply else 15
        at = self._random.randrange(len(self._words) - length)
        rare = f" {RARE}" if self._made % 50_000 == 1 else ""
        if self._made % 8 == 7:
            signs = "".join(self._random.choices(SIGNS, k=length))
            return f"{signs}{CHINESE if self._made % 56 == 7 else ''}{rare}"
        return " ".join(self._words[at : at + length]) + rare

    def fill(self, owners, persona, messages):
        """Give `owners` conversations with so many messages in all, over two years."""
        talks, now = messages // EACH, timezone.now()
        for first in range(0, talks, BATCH):
            made = [
                Conversation(
                    pk=uuid.UUID(int=self._random.getrandbits(128)),
                    owner=owners[number % len(owners)],
                    persona=persona,
                    title=self.text(is_reply=False)[:80],
                    created_at=now - timedelta(days=730 * (1 - number / talks)),
                    updated_at=now - timedelta(days=730 * (1 - number / talks)),
                    pinned_at=now if number < len(owners) else None,
                )
                for number in range(first, min(first + BATCH, talks))
            ]
            with transaction.atomic():
                Conversation.objects.bulk_create(made)
                Message.objects.bulk_create(
                    message for talk in made for message in self._messages(talk)
                )

    def _messages(self, talk):
        for number in range(EACH):
            text = self.text(is_reply=number % 2)
            yield Message(
                conversation=talk,
                role=Message.Role.ASSISTANT if number % 2 else Message.Role.USER,
                text=text,
                html=f"<p>{text}</p>",
                created_at=talk.created_at + timedelta(minutes=number),
            )
