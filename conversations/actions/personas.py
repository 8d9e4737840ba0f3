from django.db import transaction
from django.utils.translation import gettext as _

from conversations.models import Persona, PersonaVersion

from .audit import record_act
from .avatars import set_image
from .refusals import Refusal


@transaction.atomic
def save_persona(*, persona, content, author, note="", groups=None, avatar=None):
    """Save `persona`, with a new version where `content` is not what it has now.

    `content` are the values of PersonaVersion.CONTENT_FIELDS. `groups` None leaves
    those who may use it; `avatar` None leaves the image, REMOVE takes it away, bytes
    of `make_avatar` replace it. Return the version added, None when nothing changed.
    """
    if avatar is not None:
        set_image(persona, "avatar_image", avatar)
    persona.save()
    if groups is not None:
        persona.groups.set(groups)
    return add_version(persona=persona, content=content, author=author, note=note)


@transaction.atomic
def add_version(*, persona, content, author, note=""):
    """Make `content` what the persona is told from its next reply on.

    Return the PersonaVersion; None, and no version, when it is told just that now.
    """
    # Two editors at once get two numbers, not an error.
    Persona.objects.select_for_update().get(pk=persona.pk)
    now = persona.version
    if now and now.content == content and not now.model_is_gone:
        return None
    newest = persona.versions.order_by("-number").first()
    persona.version = PersonaVersion.objects.create(
        persona=persona,
        number=newest.number + 1 if newest else 1,
        author=author,
        note=note,
        **content,
    )
    persona.save(update_fields=["version"])
    return persona.version


@transaction.atomic
def restore_version(*, version, author):
    """Tell the persona what `version` told it, by a new version; return that.

    None when it is told just that now. Raises Refusal where its model is gone: the
    site's own may be another provider's, and for other people.
    """
    if version.model_is_gone:
        detail = _("Its language model is no longer here. Edit the persona instead.")
        raise Refusal("model_gone", detail)
    persona, before = version.persona, version.persona.version
    note = _("Version %(number)d restored") % {"number": version.number}
    added = add_version(
        persona=persona, content=version.content, author=author, note=note
    )
    if added:
        changes = {"version": [before and before.number, added.number]}
        record_act(author, "persona.changed", persona, changes, reason=note)
    return added


@transaction.atomic
def set_state(*, personas, state, author):
    """Publish or retire what the QuerySet `personas` holds; return how many changed."""
    changing = list(personas.exclude(state=state))
    personas.filter(pk__in=[persona.pk for persona in changing]).update(state=state)
    for persona in changing:
        changes = {"state": [persona.state, state]}
        record_act(author, "persona.changed", persona, changes)
    return len(changing)
