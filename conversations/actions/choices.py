"""Who may be asked for a reply: a persona, and for those who edit personas a model."""

from django.utils.translation import gettext as _

from conversations.models import LanguageModel, Persona
from conversations.models.prepared import Prepared

from .refusals import Refusal

WITH = "version__model__provider"


def personas_for(user):
    """Return the personas that `user` may have answer, with what they are told."""
    return Persona.objects.usable_by(user).select_related(WITH)


def personas_listed(user):
    """Return the same as a list, by a query that is kept: each new chat asks.

    For who tries drafts, because they may edit personas, it is one that is not.
    """
    if user.has_perm("conversations.change_persona"):
        return list(personas_for(user))
    return _offered_to(user.pk)


@Prepared
def _offered_to(user_id):
    return Persona.objects.offered_to(user_id).select_related(WITH)


def models_for(user):
    """Return the models that `user` may choose in place of a persona's own."""
    rows = LanguageModel.objects.select_related("provider")
    if not user.has_perm("conversations.change_persona"):
        return rows.none()
    return rows.filter(pk__in=LanguageModel.objects.usable_by(user).values("pk"))


def find_persona(user, slug, *, default):
    """Return the persona of that slug, `default` for ""; raises Refusal."""
    if not slug:
        return default
    if persona := personas_for(user).filter(slug=slug).first():
        return persona
    raise Refusal("no_persona", _("You cannot talk to this persona. Choose another."))


def find_model(user, pk):
    """Return the model of that pk, None for the persona's own; raises Refusal."""
    if pk is None:
        return None
    if model := models_for(user).filter(pk=pk).first():
        return model
    raise Refusal("no_model", _("You cannot choose this model. Choose another."))
