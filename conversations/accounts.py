from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):
    """What this site decides about accounts."""

    def is_open_for_signup(self, request):
        return settings.SIGN_UP_OPEN
