from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from conversations import rendering
from conversations.models import Snippet

from .refusals import Refusal

MOST = 500  # of one person: the list by which they are called stays quick


def save_snippet(*, snippet, name, text):
    """Give `snippet`, new or not, that name and text; return it.

    Raises Refusal when its owner has another of that name, or as many as one may have.
    """
    own = Snippet.objects.filter(owner=snippet.owner_id)
    if snippet.owner_id and snippet.pk is None and own.count() >= MOST:
        raise Refusal(
            "too_many", _("You have %(most)d prompts; no more fit.") % {"most": MOST}
        )
    snippet.name = rendering.clean(name)
    snippet.text = rendering.clean(text)
    try:
        with transaction.atomic():
            snippet.save()
    except IntegrityError:
        raise Refusal("not_unique", _("There is a prompt of that name.")) from None
    return snippet


def remove_snippet(*, snippet):
    snippet.delete()
