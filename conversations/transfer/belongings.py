"""What a person has beside conversations, in our own export: prompts and settings.

Each is an object of its own, known by its `format`, in the ZIP or as a file alone.
"""

from conversations.models.unsent import NEW_CHAT

from .values import mapping, sequence, string

PROMPTS, SETTINGS = "chatsite prompts", "chatsite settings"
VERSION = 1
# What a person chooses for themselves: fields of User.
CHOSEN = ("language", "theme", "text_size", "send_key", "time_zone", "better_titles")


def dump_prompts(owner):
    """Return the prompts of `owner` as plain values; the site's are not theirs."""
    rows = owner.snippets.order_by("name").values_list("name", "text")
    prompts = [{"name": name, "text": text} for name, text in rows]
    return {"format": PROMPTS, "version": VERSION, "prompts": prompts}


def dump_settings(owner):
    """Return what `owner` has chosen, and their folders in their order.

    The account, what they have not sent, and their links are told for who reads it:
    nobody is made another person by a file, and nothing is shared by one.
    """
    folders = owner.folders.select_related("persona")
    return {
        "format": SETTINGS,
        "version": VERSION,
        "account": {
            "username": owner.username,
            "first_name": owner.first_name,
            "email": owner.email,
        },
        "settings": {
            **{name: getattr(owner, name) for name in CHOSEN},
            "default_persona": _slug(owner.default_persona),
        },
        "folders": [
            {"name": folder.name, "persona": _slug(folder.persona)}
            for folder in folders
        ],
        "unsent": [_unsent(row) for row in owner.unsent_texts.order_by("written_at")],
        "links": [_link(share) for share in _shares(owner)],
    }


def recognises(value):
    """Whether this object is one of the two."""
    return value.get("format") in (PROMPTS, SETTINGS)


def prompts_of(value):
    """Return `(name, text)` of each prompt in what `dump_prompts` returned."""
    found = map(mapping, sequence(value.get("prompts")))
    return [(string(row.get("name")), string(row.get("text"))) for row in found]


def settings_of(value):
    """Return the values of `dump_settings` by their names, whatever they are."""
    return mapping(value.get("settings"))


def folders_of(value):
    """Return `(name, slug of a persona or "")` of each folder in `dump_settings`."""
    found = map(mapping, sequence(value.get("folders")))
    return [(string(row.get("name")), string(row.get("persona"))) for row in found]


def _unsent(row):
    is_new = row.conversation_id == NEW_CHAT
    return {
        "conversation": None if is_new else str(row.conversation_id),
        "text": row.text,
        "written_at": row.written_at.isoformat(),
    }


def _shares(owner):
    return owner.shares.defer("content").prefetch_related("readers").order_by("pk")


def _link(share):
    return {
        "link": share.link,
        "conversation": str(share.conversation_id),
        "title": share.title,
        "audience": share.audience,
        "readers": [reader.username for reader in share.readers.all()],
        "shows_author": share.shows_author,
        "taken_at": share.taken_at.isoformat(),
    }


def _slug(persona):
    return persona.slug if persona else None
