"""Why a socket is closed from this side: the code that its page goes by."""

COME_BACK = 1012
BAD_FRAMES = 4400
SIGN_IN = 4401
ACCEPT_TERMS = 4403
NOT_FOUND = 4404
TOO_SLOW = 4408
TOO_MANY = 4429


class MayNotStay(Exception):
    """Whoever opened this socket is not to read on; it is closed with `code`."""


class SignedOut(MayNotStay):
    """They have signed out, or were shut out, since."""

    code = SIGN_IN


class TermsOwed(MayNotStay):
    """They have terms to accept before they go on."""

    code = ACCEPT_TERMS


class NotHere(MayNotStay):
    """They are signed in, and what this socket is about is not theirs any more."""

    code = NOT_FOUND
