from allauth.account.adapter import get_adapter
from allauth.account.views import EmailView
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

SENDING = {"action_add", "action_send"}


class AddressesView(EmailView):
    """allauth's page of one's addresses."""

    def post(self, request, *args, **kwargs):
        """Send nothing where no mail leaves: nobody could confirm anything."""
        if not settings.MAIL_IS_SET_UP and SENDING & request.POST.keys():
            messages.error(request, _("This site sends no mail."))
            return redirect(self.success_url)
        return super().post(request, *args, **kwargs)

    def _action_send(self, request, *args, **kwargs):
        """Say why, where it is not sent: allauth keeps silent."""
        response = super()._action_send(request, *args, **kwargs)
        if not self._did_send_verification_email:
            messages.error(request, get_adapter().error_messages["rate_limited"])
        return response

    def _action_primary(self, request, *args, **kwargs):
        """The main one is confirmed: by it somebody has an account here."""
        address = self._get_email_address(request)
        if address and not address.verified:
            template = "account/messages/unverified_primary_email.txt"
            get_adapter().add_message(request, messages.ERROR, template)
            return None
        return super()._action_primary(request, *args, **kwargs)


address_list = AddressesView.as_view()
