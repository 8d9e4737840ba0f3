"""When a persona is meant, in a conversation of several people."""

import re

from conversations.search.words import fold, is_run


def is_mentioned(persona, text):
    """Whether `text` has a name of the persona after an @, in any language.

    Its short one does as well. Large and small letters, accents and width are alike.
    """
    folded = fold(text)
    return any(_mention(name).search(folded) for name in persona.all_names)


def _mention(name):
    name = fold(name)
    words = r"\s+".join(map(re.escape, name.split()))
    # Scripts without spaces go on right after a name, and stand right before the @;
    # what may be of an address does not.
    end = "" if is_run(name[-1:]) else r"(?!\w)"
    return re.compile(rf"(?<![a-z\d_.])@{words}{end}")
