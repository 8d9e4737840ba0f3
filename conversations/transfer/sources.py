"""Whom imported replies are by: a persona for each site that they come from."""

from django.db import IntegrityError, transaction

from conversations.models import Persona, PersonaVersion

from . import chatgpt, chatui, claude, librechat, native_in, openwebui

NAMES = {
    form.SOURCE: form.NAME
    for form in (chatgpt, chatui, claude, librechat, native_in, openwebui)
}
_EMOJI = "📥"


class Authors:
    """Finds the PersonaVersion of imported replies for `owner`."""

    def __init__(self, owner):
        self._owner = owner
        self._found = {}

    def version(self, source, persona=None):
        """Return the version that wrote a reply.

        `persona` is the slug and number that our own export tells. That version is
        returned if it is one that the owner may use, or has talked to; else the
        persona that stands for `source`, which nobody can talk to.
        """
        key = persona or source
        if key not in self._found:
            self._found[key] = (persona and self._own(*persona)) or _of(source)
        return self._found[key]

    def partner(self, source, slug=""):
        """Return the Persona that goes on with an imported conversation."""
        usable = Persona.objects.usable_by(self._owner)
        key = "partner", slug
        if key not in self._found:
            named = usable.filter(slug=slug).first() if slug else None
            self._found[key] = named or usable.first_choice_of(self._owner)
        return self._found[key] or self.version(source).persona

    def forget(self):
        """Look again: what was made in a transaction that failed is gone."""
        self._found.clear()

    def _own(self, slug, number):
        met = Persona.objects.met_by(self._owner).filter(slug=slug)
        versions = PersonaVersion.objects.select_related("persona")
        return versions.filter(persona__in=met, number=number).first()


def _of(source):
    slug = f"from-{source}"
    try:
        with transaction.atomic():
            persona, _ = Persona.objects.get_or_create(
                slug=slug,
                defaults={
                    "name": NAMES[source],
                    "avatar_emoji": _EMOJI,
                    "state": Persona.State.RETIRED,
                },
            )
            # Two imports that begin at once agree on who makes it.
            persona = Persona.objects.select_for_update(of=("self",)).get(slug=slug)
            if persona.version is None:
                persona.version = PersonaVersion.objects.create(
                    persona=persona, number=1
                )
                persona.save(update_fields=["version"])
    except IntegrityError:
        persona = Persona.objects.get(slug=slug)
    return persona.version
