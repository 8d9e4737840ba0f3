from allauth.account.adapter import get_adapter
from allauth.account.views import EmailView
from django.contrib import messages


class AddressesView(EmailView):
    """allauth's page of one's addresses."""

    def _action_primary(self, request, *args, **kwargs):
        """The main one is confirmed: by it somebody has an account here."""
        address = self._get_email_address(request)
        if address and not address.verified:
            template = "account/messages/unverified_primary_email.txt"
            get_adapter().add_message(request, messages.ERROR, template)
            return None
        return super()._action_primary(request, *args, **kwargs)


address_list = AddressesView.as_view()
