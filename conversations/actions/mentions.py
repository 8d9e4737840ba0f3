"""When a persona is meant, in a conversation of several people."""

import re

from conversations.models import Conversation
from conversations.search.words import fold, is_run


def waits_for_mention(conversation):
    """Whether the persona replies only to what names it."""
    return conversation.replies_when == Conversation.Replies.MENTIONED


def is_mentioned(persona, text):
    """Whether `text` has the persona's name, or its short one, after an @.

    Large and small letters, accents and width are alike.
    """
    folded = fold(text)
    return any(_mention(name).search(folded) for name in (persona.name, persona.slug))


def _mention(name):
    name = fold(name)
    words = r"\s+".join(map(re.escape, name.split()))
    # Scripts without spaces go on right after a name.
    end = "" if is_run(name[-1:]) else r"(?!\w)"
    return re.compile(rf"(?<![\w.])@{words}{end}")
