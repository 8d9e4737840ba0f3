"""Frames for the list of conversations; drawn in the language of the reader."""

from uuid import UUID

from conversations import listing
from conversations.templatetags.lists import item


def changed(user, pks):
    """Return the frames that bring the list of `user` up to date with these.

    The newest come first: so do those that were pinned together.
    """
    pks = [UUID(str(pk)) for pk in pks]
    rows = listing.rows_of(user, pks)
    gone = set(pks).difference(row.pk for row in rows)
    rows = sorted(rows, key=lambda row: row.updated_at, reverse=True)
    return [*map(told, rows), *map(removed, gone)]


def changed_since(user, moment):
    """Return the frames for what changed since, the folders' version among them."""
    rows = listing.changed_since(user, moment)
    folders, places = listing.folders_of(user.pk), listing.places_of(user.pk)
    version = listing.version_of(folders, places)
    return [*map(told, rows), {"type": "folders.known", "version": version}]


def folders_changed():
    """Have the page fetch the list anew: its folders are others."""
    return {"type": "folders.changed"}


def told(conversation):
    """For the list: where its item goes, or that it is not there any more."""
    if not listing.is_listed(conversation):
        return removed(conversation.pk)
    return {
        "type": "conversation.changed",
        "conversation": str(conversation.pk),
        "item": item_html(conversation),
        "group": conversation.place.key,
    }


def removed(conversation_id):
    return {"type": "conversation.removed", "conversation": str(conversation_id)}


def item_html(conversation):
    """Return its item with the place where it belongs; "" when it is not listed."""
    if not listing.is_listed(conversation):
        return ""
    conversation.place = listing.place(conversation)
    return item(conversation)
