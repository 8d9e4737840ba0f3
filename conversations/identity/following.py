"""Groups follow at once when an account of somewhere else comes or goes."""

from conversations.actions.identity import follow_groups


def connected(sociallogin, **_signal):
    follow_groups(sociallogin.user)


def disconnected(socialaccount, **_signal):
    follow_groups(socialaccount.user, left=socialaccount.provider)
