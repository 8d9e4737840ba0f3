from conversations import limits


class Refusal(Exception):
    """The site does not do that; nothing was changed.

    `code` is for programs, `detail` a translated sentence for the person.
    """

    def __init__(self, code, detail):
        super().__init__(detail)
        self.code = code
        self.detail = str(detail)


def count(user, name):
    """Count one more of what `limits` calls `name`; raises Refusal over the limit."""
    try:
        limits.count(user.pk, name)
    except limits.TooMany as error:
        raise Refusal("too_fast", error.sentence) from None
