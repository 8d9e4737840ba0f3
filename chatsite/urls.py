from django.contrib import admin
from django.urls import include, path

from conversations.views import factors, identity

handler400 = "conversations.views.errors.bad_request"
urlpatterns = [
    path("admin/", admin.site.urls),
    # Ours come before allauth's of the same names.
    path("accounts/2fa/", factors.factor_index, name="mfa_index"),
    path(
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        factors.passkey_remove,
        name="mfa_remove_webauthn",
    ),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    # By the names that allauth knows them by.
    path(
        "accounts/oidc/<slug:provider_id>/login/",
        identity.identity_sign_in,
        name="openid_connect_login",
    ),
    path(
        "accounts/oidc/<slug:provider_id>/login/callback/",
        identity.identity_callback,
        name="openid_connect_callback",
    ),
    path("accounts/3rdparty/", include("allauth.socialaccount.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("", include("conversations.urls")),
]
