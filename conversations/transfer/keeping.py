"""Prompts, settings and folders that are brought in, as rows.

What is here already stays as it is: a file says how it was once.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conversations import events, rendering
from conversations.models import Folder, Persona, Snippet, User
from conversations.models.folders import MOST_FOLDERS
from conversations.models.snippets import MOST_SNIPPETS

from . import belongings
from .values import LONGEST_NAME, line

MOST_TOLD = 1_000  # of prompts or folders that are looked at


class Keeper:
    """Saves for `owner` what is not here yet, and counts in `report`.

    `skip(title, why)` is called for what is not taken.
    """

    def __init__(self, owner, report, skip):
        self._owner, self._report, self._skip = owner, report, skip

    def take(self, value):
        """Take what one object of our own export holds."""
        if value["format"] == belongings.PROMPTS:
            for name, text in belongings.prompts_of(value)[:MOST_TOLD]:
                self._prompt(name, text)
            return
        for name, chosen in list(belongings.settings_of(value).items())[:MOST_TOLD]:
            self._setting(name, chosen)
        for name, slug in belongings.folders_of(value)[:MOST_TOLD]:
            self._folder(name, slug)

    # ── prompts ───────────────────────────────────────────────────────────────────
    def _prompt(self, told, text):
        name = " ".join(rendering.clean(told).lstrip("/ ").split())
        text = rendering.clean(text)
        mine = Snippet.objects.filter(owner=self._owner)
        there = mine.filter(name=name).values_list("text", flat=True).first()
        if there is not None:
            if there == text:
                self._count("prompts", "known")
            else:
                self._skip(f"/{name}", _("There is a prompt of that name."))
        elif mine.count() >= MOST_SNIPPETS:
            why = _("You have %(most)d prompts; no more fit.") % {"most": MOST_SNIPPETS}
            self._skip(f"/{line(name, LONGEST_NAME)}", why)
        elif len(text) > (most := Snippet._meta.get_field("text").max_length):
            why = _("At most %(most)d characters fit.") % {"most": most}
            self._skip(f"/{line(name, LONGEST_NAME)}", why)
        else:
            prompt = Snippet(owner=self._owner, name=name, text=text)
            self._save("prompts", f"/{line(name, LONGEST_NAME)}", prompt)

    # ── folders ───────────────────────────────────────────────────────────────────
    def _folder(self, told, slug):
        name = " ".join(rendering.clean(told).split())
        mine = Folder.objects.filter(owner=self._owner)
        if mine.filter(name=name).exists():
            self._count("folders", "known")
        elif mine.count() >= MOST_FOLDERS:
            why = _("At most %(most)d folders fit.") % {"most": MOST_FOLDERS}
            self._skip(line(name, LONGEST_NAME), why)
        else:
            last = mine.aggregate(last=Max("position"))["last"]
            folder = Folder(owner=self._owner, name=name, persona=self._persona(slug))
            folder.position = 0 if last is None else last + 1
            self._save("folders", line(name, LONGEST_NAME), folder)

    # ── settings ──────────────────────────────────────────────────────────────────
    def _setting(self, name, told):
        if name not in (*belongings.CHOSEN, "default_persona"):
            self._skip(line(name, LONGEST_NAME), _("There is no such setting."))
            return
        field = User._meta.get_field(name)
        title = capfirst(field.verbose_name)
        owner = User.objects.get(pk=self._owner.pk)
        try:
            value = self._value(field, told)
        except ValidationError:
            self._skip(title, _("There is no such choice here."))
            return
        now = getattr(owner, name)
        if value == now:
            self._count("settings", "known")
        elif now != field.get_default():
            self._skip(title, _("You have chosen otherwise here."))
        elif name == "better_titles":  # what was agreed to elsewhere is not agreed here
            self._skip(title, _("Choose it in the settings."))
        else:
            setattr(owner, name, value)
            owner.save(update_fields=[name])
            self._count("settings", "made")

    def _value(self, field, told):
        """Return what the field keeps; raises ValidationError for what it may not."""
        if field.name == "default_persona":
            persona = self._persona(told)
            if told and persona is None:
                raise ValidationError(told)
            return persona
        kind = bool if field.name == "better_titles" else str
        if not isinstance(told, kind):
            raise ValidationError(str(told))
        return field.clean(told, self._owner)

    def _persona(self, slug):
        """Return the Persona of that slug if the owner may talk to it, else None."""
        if not (slug and isinstance(slug, str)):
            return None
        slug = rendering.clean(slug)
        return Persona.objects.usable_by(self._owner).filter(slug=slug).first()

    def _save(self, kind, title, row):
        try:
            row.full_clean()
            with transaction.atomic():
                row.save()
        except ValidationError as error:
            self._skip(title, " ".join(error.messages))
        except IntegrityError:  # another import, a moment ago
            self._count(kind, "known")
        else:
            self._count(kind, "made")

    def _count(self, kind, what):
        counts = self._report.setdefault(kind, {"made": 0, "known": 0})
        counts[what] += 1

    def announce(self):
        """Have the open lists show the folders that are new."""
        if self._report.get("folders", {}).get("made"):
            events.tell(events.user_group(self._owner.pk), events.FOLDERS_CHANGED)
