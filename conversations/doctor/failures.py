from django.utils.translation import gettext_lazy as _

from conversations.models import Failure

# The sentences of Failure send people to an administrator. This is the administrator.
_SENTENCES = {
    Failure.KEY_REJECTED: _("The provider did not accept the key. Enter it again."),
    Failure.FORBIDDEN: _(
        "The provider does not let this key use that model. Check its permissions."
    ),
    Failure.MODEL_MISSING: _(
        "The provider does not know that model. Fetch its models and choose one."
    ),
    Failure.QUOTA_EXHAUSTED: _("The credit with the provider is used up."),
    Failure.CONTEXT_TOO_LONG: _(
        "The instructions and the question are longer than the model can read."
    ),
    Failure.REQUEST_REFUSED: _(
        "The provider refused the request. The model may not take these settings."
    ),
    Failure.NOT_AN_API: _(
        "What answered is no OpenAI-compatible API. Check the base URL; "
        "it usually ends in /v1."
    ),
    Failure.REDIRECTED: _(
        "The provider pointed to another address, which this site does not follow. "
        "Check the base URL."
    ),
    Failure.UNREACHABLE: _(
        "Nothing answers at the base URL. Check the address, and that the server runs."
    ),
    Failure.STALLED: _("The provider stopped in the middle of its answer."),
    Failure.MALFORMED: _("The provider sent something unreadable."),
    Failure.CONNECTION_LOST: _("The connection to the provider broke."),
    Failure.INTERNAL: _("Something went wrong on this site. Its log says what."),
}


def sentence_of(code, *, status=None):
    """Say to an administrator what `code` means, with the HTTP status if any."""
    known = Failure(code) if code in Failure else Failure.INTERNAL
    sentence = str(_SENTENCES.get(known, known.label))
    return f"{sentence} (HTTP {status})" if status else sentence
