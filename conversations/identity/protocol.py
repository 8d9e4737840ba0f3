import secrets

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import (
    OpenIDConnectProvider,
)
from allauth.socialaccount.providers.openid_connect.views import (
    OpenIDConnectOAuth2Adapter,
)
from allauth.utils import get_request_param

from conversations.models import User
from conversations.oidc.addresses import is_here, is_safe
from conversations.oidc.claims import values_at
from conversations.oidc.session import Session
from conversations.oidc.tokens import TokenError, claims_of
from conversations.rendering import clean

ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
)
MALFORMED = (AttributeError, LookupError, TypeError, ValueError)


class ProtocolError(OAuth2Error):
    """The provider does not keep to the protocol. The text is fit for the log."""


class Protocol(OpenIDConnectOAuth2Adapter):
    """The calls of one sign-in. `nonce` is what its token has to repeat."""

    nonce = ""

    @property
    def openid_config(self):
        """What the provider says of itself; its addresses may be asked."""
        if not hasattr(self, "_openid_config"):
            provider = self.get_provider()
            config = self._object_at(provider.server_url)
            if str(config.get("issuer", "")).rstrip("/") != provider.issuer:
                raise ProtocolError("its issuer is another address than ours of it")
            for name in ENDPOINTS:
                address = config.get(name)
                # From elsewhere, nobody leads us to what else runs on this machine.
                if not is_safe(address) or (
                    is_here(address) and not is_here(provider.issuer)
                ):
                    raise ProtocolError(f"its {name} is no safe address")
            self._openid_config = config
        return self._openid_config

    def get_access_token_data(self, request, app, client, pkce_code_verifier=None):
        """Return what the provider gives for the code; allauth trusts its form."""
        try:
            data = super().get_access_token_data(
                request, app, client, pkce_code_verifier
            )
            return {name: data[name] for name in ("access_token", "id_token")}
        except MALFORMED as error:
            raise ProtocolError("it gave no token for the code") from error

    def complete_login(self, request, app, token, **kwargs):
        """Return who it is, by a token that is signed and made for this sign-in."""
        config = self.openid_config
        try:
            claims = claims_of(
                kwargs["response"].get("id_token"),
                keys=self._object_at(config["jwks_uri"]),
                issuer=config["issuer"],
                client_id=app.client_id,
                nonce=self.nonce,
            )
        except TokenError as error:
            raise ProtocolError(str(error)) from error
        told = self._fetch_user_info(token.token)
        if not isinstance(told, dict) or told.get("sub") != claims["sub"]:
            raise ProtocolError("its userinfo is of somebody else")
        return self.get_provider().sociallogin_from_response(request, claims | told)

    def _object_at(self, url):
        with Session() as session:
            response = session.get(url)
            response.raise_for_status()
            found = response.json()
        if not isinstance(found, dict):
            raise ProtocolError("its answer is no object")
        return found


class SiteProvider(OpenIDConnectProvider):
    """An IdentityProvider as allauth takes it."""

    pkce_enabled_default = True
    oauth2_adapter_class = Protocol

    @property
    def issuer(self):
        return self.app.settings["server_url"]

    def get_redirect_from_request_kwargs(self, request):
        """What goes to the provider is for us to say, not for who asks."""
        kwargs = super().get_redirect_from_request_kwargs(request)
        nonce = secrets.token_urlsafe(32)
        auth_params = {"nonce": nonce}
        return kwargs | {
            "scope": self.get_scope(),
            "auth_params": auth_params,
            "nonce": nonce,
            "invitation": get_request_param(request, "invitation", ""),
        }

    def serialize(self):
        """Two providers may know the site by the same client ID."""
        return super().serialize() | {"id": self.sub_id}

    # ── what is taken from the claims ─────────────────────────────────────────────
    def extract_uid(self, data):
        return data["sub"]

    def extract_extra_data(self, data):
        """Keep no more than what is shown, and the groups to follow."""
        claim = self.app.settings["groups_claim"]
        return {
            "email": _text(data.get("email")),
            "name": _text(data.get("preferred_username") or data.get("name")),
            "groups": [clean(v) for v in values_at(data, claim)] if claim else [],
        }

    def extract_common_fields(self, data):
        fields = super().extract_common_fields(data)
        fields = {name: _text(value) for name, value in fields.items()}
        name = User.normalize_username(fields.get("username", ""))
        return fields | {"username": name}

    def extract_email_addresses(self, data):
        """An address counts as confirmed where the provider says so in plain words."""
        email = _text(data.get("email"))
        is_verified = data.get("email_verified") is True
        return [EmailAddress(email=email, verified=is_verified, primary=True)]


class CallbackView(OAuth2CallbackView):
    def _get_state(self, request, provider):
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, response


def _text(value):
    return clean(value)[:150] if isinstance(value, str) else ""
