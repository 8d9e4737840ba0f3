from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):
    """What this site decides about accounts."""

    def is_open_for_signup(self, request):
        return settings.SIGN_UP_OPEN

    def send_mail(self, template_prefix, email, context):
        site = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        super().send_mail(template_prefix, email, context | site)
