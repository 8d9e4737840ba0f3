from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from conversations import rendering
from conversations.models import Snippet
from conversations.models.snippets import MOST_SNIPPETS

from .refusals import Refusal
from .turns import take_turn


@transaction.atomic
def save_snippet(*, snippet, name, text):
    """Give `snippet`, new or not, that name and text; return it.

    Raises Refusal when its owner has another of that name, or as many as one may have.
    """
    if snippet.owner_id:
        take_turn(snippet.owner_id)
    own = Snippet.objects.filter(owner=snippet.owner_id)
    if snippet.owner_id and snippet.pk is None and own.count() >= MOST_SNIPPETS:
        detail = _("You have %(most)d prompts; no more fit.")
        raise Refusal("too_many", detail % {"most": MOST_SNIPPETS})
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
