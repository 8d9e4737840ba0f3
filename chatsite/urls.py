from django.contrib import admin
from django.urls import include, path

from conversations.views import factors

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
    path("accounts/", include("allauth.account.urls")),
    path("", include("conversations.urls")),
]
