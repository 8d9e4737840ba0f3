"""Everything a person owns in one ZIP: to read with any browser, and to bring back."""

import json
import zipfile
from collections import Counter
from dataclasses import dataclass

from django.template.loader import get_template
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conversations.models import Conversation, SiteSettings, Transfer

from . import belongings, files, html, names, native, words
from .messages import ALL, Extract, load_small

# Loaded at once, of conversations without their messages.
CHUNK = 200
STYLESHEET, INDEX = "style.css", "index.html"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index says of a conversation."""

    path: str
    title: str
    persona: str
    moment: str
    is_archived: bool


def run(transfer, tell):
    """Make the ZIP of all that the owner has; return the report.

    Left out: the bin, and temporary chats. Raises Cancelled when `tell` does.
    """
    owner = transfer.owner
    part = files.folder() / f"{transfer.pk}.zip.part"
    transfer.result_file = f"{transfer.pk}.zip"
    with files.create(part) as file, _zip(file) as archive:
        writer = Writer(owner, archive)
        total = _owned(owner).count()
        for done, extract in enumerate(_extracts(owner)):
            tell(done, total)
            writer.add(extract)
        writer.finish()
        tell(total, total)
    part.rename(files.result_path(transfer))
    Transfer.objects.filter(pk=transfer.pk).update(result_file=transfer.result_file)
    size = files.result_path(transfer).stat().st_size
    return {"made": writer.count, "size_bytes": size}


def write_list(owner, file, tell):
    """Write all that `owner` has into `file` as one JSON list; return how many."""
    total, count = _owned(owner).count(), 0
    for extract in _extracts(owner):
        tell(count, total)
        file.write(b",\n" if count else b"[\n")
        for piece in native.write(extract.conversation, extract.in_order()):
            file.write(piece.encode())
        count += 1
    file.write(b"]\n" if count else b"[]\n")
    return count


def _zip(file):
    return zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)


def _owned(owner):
    return Conversation.objects.filter(owner=owner, deleted_at=None, expires_at=None)


def _extracts(owner):
    """Yield them as the index lists them, newest first; what is erased is passed by."""
    order = _owned(owner).order_by("-updated_at", "-pk")
    keys = list(order.values_list("pk", flat=True))
    rows = Conversation.objects.select_related("persona", "folder", "owner")
    for start in range(0, len(keys), CHUNK):
        found = rows.in_bulk(keys[start : start + CHUNK])
        known = [pk for pk in keys[start : start + CHUNK] if pk in found]
        for pk, loaded in load_small(known, owner.pk):
            yield Extract(found[pk], ALL, loaded=loaded)


class Writer:
    """Writes conversations into a ZIP, and at the end what leads to them."""

    def __init__(self, owner, archive):
        self.owner, self.count = owner, 0
        self._zip = archive
        self._groups = {}  # Entries by folder, in which "" is no folder
        self._folders = {}  # the folders in the ZIP, by folder
        self._taken = Counter()

    def add(self, extract):
        """Write one conversation, twice: for programs and for people."""
        conversation = extract.conversation
        self._write(
            f"json/{conversation.pk}.json",
            native.write(conversation, extract.in_order()),
        )
        folder = conversation.folder.name if conversation.folder else ""
        path = self._path(conversation, folder)
        self._write(
            path,
            html.write_page(
                extract, stylesheet=f"../../{STYLESHEET}", index=f"../../{INDEX}"
            ),
        )
        self._groups.setdefault(folder, []).append(_entry(conversation, path))
        self.count += 1

    def finish(self):
        """Write the index, the styles, prompts and settings."""
        self._write(STYLESHEET, [html.sheet()])
        self._write(INDEX, [self._index()])
        self._write_json("prompts.json", belongings.dump_prompts(self.owner))
        self._write_json("settings.json", belongings.dump_settings(self.owner))

    def _index(self):
        ordered = sorted(self._groups.items(), key=lambda item: item[0].casefold())
        context = {
            "owner": self.owner,
            "site_name": SiteSettings.current().name,
            "groups": [(name or _("No folder"), rows) for name, rows in ordered],
            "has_folders": any(self._groups),
            "count": self.count,
            "now": timezone.now(),
            "stylesheet": STYLESHEET,
        }
        return get_template("conversations/export_index.html").render(context)

    def _path(self, conversation, folder):
        """Return a name that is in the ZIP only once, whatever the case of letters."""
        if folder not in self._folders:
            stem = names.file_stem(folder, otherwise=pgettext("files", "Conversations"))
            self._folders[folder] = self._once("", stem)
        stem = names.file_stem(conversation.title, otherwise=_("Conversation"))
        place = f"pages/{self._folders[folder]}/"
        return f"{place}{self._once(place, stem)}.html"

    def _once(self, place, stem):
        self._taken[key := (place + stem).casefold()] += 1
        if self._taken[key] == 1:
            return stem
        return self._once(place, f"{stem} ({self._taken[key]})")

    def _write(self, path, pieces):
        with self._zip.open(path, "w") as entry:
            for piece in pieces:
                entry.write(piece.encode())

    def _write_json(self, path, value):
        self._write(path, [json.dumps(value, ensure_ascii=False, indent=1)])


def _entry(conversation, path):
    return Entry(
        path,
        conversation.title,
        conversation.persona.shown_name,
        words.moment(conversation.updated_at),
        conversation.archived_at is not None,
    )


def file_name(transfer):
    """Return what a fetched ZIP is called."""
    site = slugify(SiteSettings.current().name) or "chats"
    stem = names.file_stem(f"{site}-{transfer.owner.username}", otherwise=site)
    return f"{stem}-{transfer.created_at:%Y-%m-%d}.zip"
