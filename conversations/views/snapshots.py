"""A branch as it was taken, page by page, for those who only read it."""

from django.utils.safestring import SafeString

from conversations.actions.snapshots import has_several, name_of
from conversations.models import Generation, Persona
from conversations.models.translations import part_in_language

MESSAGES_PER_PAGE = 200


def page_of(request, content):
    """Return what `_share_message.html` and the ways to other pages are drawn with."""
    start = _start(request)
    end = start + MESSAGES_PER_PAGE
    cited = [item["persona"] for item in content if item["persona"]]
    slugs = {persona["slug"] for persona in cited}
    faces = {row.slug: row for row in Persona.objects.filter(slug__in=slugs)}
    return {
        "items": list(_items(content[start:end], start, faces)),
        "names": list(dict.fromkeys(_name_of(persona, faces) for persona in cited)),
        "has_several": has_several(content),
        "earlier": max(0, start - MESSAGES_PER_PAGE) + 1 if start else 0,
        "later": end + 1 if end < len(content) else 0,
    }


def _start(request):
    """Return how many messages come before the page that is asked for."""
    first = request.GET.get("from", "")
    is_number = first.isascii() and first.isdecimal() and len(first) < 10
    return max(0, int(first) - 1) if is_number else 0


def _items(content, start, faces):
    """Yield the messages, with what is drawn of each and beside it."""
    for number, item in enumerate(content, start=start + 1):
        cited = item["persona"]
        yield item | {
            "number": number,
            "name": _name_of(cited, faces) if cited else name_of(item["author"]),
            "body": SafeString(item["html"]),  # as `rendering` made it
            "face": faces.get(cited["slug"]) if cited else None,
            "is_open": item["state"] in Generation.OPEN,
        }


def _name_of(cited, faces):
    """Return the name the persona had then, or has in the reader's language."""
    face = faces.get(cited["slug"])
    translations = face.translations if face else {}
    return part_in_language(translations, "name", cited["name"])
