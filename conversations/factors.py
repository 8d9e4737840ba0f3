import base64
import secrets

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.actions.sessions import end_other_sessions
from conversations.models import SiteSettings
from conversations.models.secrets import cipher

PURPOSE = "second factor"


class FactorsAdapter(DefaultMFAAdapter):
    """What this site decides about second factors, and how it says so."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That is not right. Try again."),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes come with an authenticator app or a passkey."
        ),
    }

    def encrypt(self, text):
        return cipher(PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """Return a secret that nobody knows for what SECRET_KEY cannot read any more.

        An empty one would have codes that anybody can compute.
        """
        try:
            return cipher(PURPOSE).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def build_totp_svg(self, url):
        """Draw the code to scan: a dark path, for a light ground."""
        import qrcode  # few pages draw one

        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        dots = (
            f"M{x} {y}h1v1h-1z"
            for y, row in enumerate(rows)
            for x, is_dark in enumerate(row)
            if is_dark
        )
        return format_html(
            '<svg class="factor__scan" viewBox="0 0 {} {}" aria-hidden="true">'
            '<path d="{}"></path></svg>',
            len(rows),
            len(rows),
            "".join(dots),
        )

    def generate_authenticator_name(self, user, type):
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey {number}").format(number=count + 1) if count else _("Passkey")

    def _get_site_name(self):
        """What authenticator apps and passkeys call the site."""
        return SiteSettings.current().name


def factor_changed(request, user, **_signal):
    """Sign `user` out everywhere but here: it may be somebody else who is there."""
    end_other_sessions(user, request.session.session_key)
