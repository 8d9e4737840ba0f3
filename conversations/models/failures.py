from django.db import models
from django.utils.translation import gettext_lazy as _


class Failure(models.TextChoices):
    """Why a reply ended early: a code for the administrator, a sentence for the person.

    The codes are those of `llm.ProviderError`, and a few of our own. What was written
    stays; each sentence says what happened and what to do.
    """

    KEY_REJECTED = (
        "key_rejected",
        _(
            "The provider did not accept this site's key. "
            "Your message is saved. Tell an administrator."
        ),
    )
    FORBIDDEN = (
        "forbidden",
        _(
            "The provider does not let this site use that model. "
            "Your message is saved. Tell an administrator."
        ),
    )
    MODEL_MISSING = (
        "model_missing",
        _(
            "The provider does not know this persona's model. "
            "Choose another persona, or tell an administrator."
        ),
    )
    RATE_LIMITED = (
        "rate_limited",
        _("The provider has too much to do right now. Try again in a minute."),
    )
    QUOTA_EXHAUSTED = (
        "quota_exhausted",
        _(
            "The site's credit with the provider is used up. "
            "Your message is saved. Tell an administrator."
        ),
    )
    BUDGET = (
        "budget",
        _(
            "The budget for this reply is used up. Your message is saved: "
            "try again once there is more."
        ),
    )
    PRICE_UNKNOWN = (
        "price_unknown",
        _(
            "This model has no price yet, and there is a budget in money. "
            "Choose another persona, or tell an administrator."
        ),
    )
    CONTEXT_TOO_LONG = (
        "context_too_long",
        _(
            "This conversation is longer than the model can read. "
            "Start a new chat, or send a shorter message."
        ),
    )
    REQUEST_REFUSED = (
        "request_refused",
        _(
            "The provider refused the request. "
            "Try again; if it stays so, tell an administrator."
        ),
    )
    PROVIDER_DOWN = (
        "provider_down",
        _("The provider has a fault of its own. Try again in a minute."),
    )
    NOT_AN_API = (
        "not_an_api",
        _(
            "What answered is not a model but another kind of server. "
            "Tell an administrator to check the base URL."
        ),
    )
    UNREACHABLE = (
        "unreachable",
        _("The provider cannot be reached. Try again in a minute."),
    )
    SLOW_TO_START = (
        "slow_to_start",
        _("The model did not begin to answer in time. Try again."),
    )
    STALLED = ("stalled", _("The model stopped in the middle. Continue, or try again."))
    TOO_LONG = ("too_long", _("The reply took longer than this site allows."))
    MALFORMED = (
        "malformed",
        _("The provider sent something unreadable. Continue, or try again."),
    )
    TOO_BIG = ("too_big", _("The reply grew larger than this site allows."))
    CONNECTION_LOST = (
        "connection_lost",
        _("The connection to the provider broke. Continue, or try again."),
    )
    EMPTY_REPLY = ("empty_reply", _("The model answered with nothing. Try again."))
    TOOL_CALL = (
        "tool_call",
        _("The model asked for a tool that this site does not have. Try again."),
    )
    REDIRECTED = (
        "redirected",
        _(
            "The provider pointed to another address, which this site does not follow. "
            "Tell an administrator to check the base URL."
        ),
    )
    CONTENT_FILTER = (
        "content_filter",
        _("The provider's content filter ended this reply. Say it another way."),
    )
    CUT_OFF = ("cut_off", _("The reply was cut off before its end."))
    LENGTH = ("length", _("The reply reached its greatest length."))
    INTERRUPTED = (
        "interrupted",
        _("The reply was interrupted. What was written is kept."),
    )
    INTERNAL = (
        "internal",
        _(
            "Something went wrong on this site. Your message is saved. "
            "Try again; if it stays so, tell an administrator."
        ),
    )
