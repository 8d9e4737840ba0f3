"""A conversation as plain text: nothing to render, nothing to escape."""

from django.utils.translation import gettext as _

from . import words


def write(extract):
    """Yield the text, message by message."""
    conversation = extract.conversation
    title = " ".join(conversation.title.split())
    yield f"{title}\n{words.facts(conversation)}\n"
    for message in extract.as_read():
        yield f"\n— {words.heading(message)} —\n"
        if message.reasoning:
            yield f"\n({_('Thoughts')}: {message.reasoning.strip()})\n"
        if message.text:
            yield f"\n{message.text}\n"
        if note := words.note(message):
            yield f"\n({note})\n"
