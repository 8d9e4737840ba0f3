from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from conversations.streaming import StreamedResponse, attach
from conversations.transfer import names, words
from conversations.transfer.formats import FORMATS
from conversations.transfer.html import write_messages
from conversations.transfer.messages import ALL, SHOWN, Extract

from .scope import visible_conversation


@require_GET
def conversation_export(request, conversation_id, format):
    """One conversation as a file. `?branches=` all or shown; `?message=` names one."""
    if format not in FORMATS:
        raise Http404
    chosen = FORMATS[format]
    extract = _extract(request, conversation_id, chosen.branches)
    stem = names.file_stem(extract.conversation.title, otherwise=_("Conversation"))
    response = StreamedResponse(
        chosen.write(extract), content_type=f"{chosen.content_type}; charset=utf-8"
    )
    return attach(response, f"{stem}.{chosen.ending}")


@require_GET
def conversation_print(request, conversation_id):
    """The conversation alone, to be read at a stretch or printed."""
    extract = _extract(request, conversation_id, SHOWN)
    context = {
        "conversation": extract.conversation,
        "branches": extract.branches,
        "formats": FORMATS.items(),
        "facts": words.facts(extract.conversation),
    }
    page = render(request, "conversations/export_print.html", context)
    before, _, after = page.content.partition(b"<!-- messages -->")
    return StreamedResponse(_around(before, write_messages(extract), after))


def _around(before, messages, after):
    yield before
    yield from messages
    yield after


def _extract(request, conversation_id, branches):
    conversation = visible_conversation(request, conversation_id, "persona", "folder")
    asked = request.GET.get("branches", branches)
    message = request.GET.get("message", "")
    return Extract(
        conversation,
        asked if asked in (ALL, SHOWN) else branches,
        int(message) if message.isdecimal() and len(message) < 19 else None,
    )
