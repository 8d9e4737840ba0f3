from allauth.account.decorators import reauthentication_required
from allauth.account.views import password_set
from django.contrib import admin
from django.urls import include, path

from conversations.views import addresses, identity, sign_up

handler400 = "conversations.views.errors.bad_request"
urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/2fa/", include("chatsite.factors")),
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
    path("accounts/3rdparty/", identity.account_list, name="socialaccount_connections"),
    path("accounts/3rdparty/", include("allauth.socialaccount.urls")),
    path(  # allauth asks nobody who they are before
        "accounts/password/set/",
        reauthentication_required(app="allauth.account")(password_set),
        name="account_set_password",
    ),
    path("accounts/signup/", sign_up.sign_up, name="account_signup"),
    path("accounts/email/", addresses.address_list, name="account_email"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("conversations.urls")),
]
