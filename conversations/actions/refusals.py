from django.utils.translation import gettext as _

from conversations import limits


class Refusal(Exception):
    """The site does not do that; nothing was changed.

    `code` is for programs, `detail` a translated sentence for the person.
    """

    def __init__(self, code, detail):
        super().__init__(detail)
        self.code = code
        self.detail = str(detail)


class SentAsElse(Refusal):
    """The id that makes twice once is that of something else in the conversation."""

    def __init__(self):
        super().__init__(
            "sent_as_else",
            _("Something else was sent with this number before. Reload the page."),
        )


def count(user, name):
    """Count one more of what `limits` calls `name`; raises Refusal over the limit."""
    try:
        limits.count(user.pk, name)
    except limits.TooMany as error:
        raise Refusal("too_fast", error.sentence) from None
