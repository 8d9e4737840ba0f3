"""The formats one conversation can be had in."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from . import html, markdown, messages, native, text


@dataclass(frozen=True, slots=True)
class Format:
    """How a conversation is written; `write(extract)` yields the pieces of the file."""

    label: str
    ending: str
    content_type: str
    write: Callable
    # What is taken where nobody chose: what a person sees, or all there is.
    branches: str = messages.SHOWN


def _write_json(extract):
    return native.write(extract.conversation, extract.in_order())


FORMATS = {
    "markdown": Format(_("Markdown"), "md", "text/markdown", markdown.write),
    "html": Format(_("Web page (HTML)"), "html", "text/html", html.write),
    "json": Format(
        _("JSON"),
        "json",
        "application/json",
        _write_json,
        messages.ALL,
    ),
    "text": Format(_("Plain text"), "txt", "text/plain", text.write),
}
