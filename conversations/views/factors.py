from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from conversations.actions.factors import check_other_way_in, remove_password
from conversations.actions.refusals import Refusal
from conversations.models import IdentityProvider
from conversations.models.factors import has_passkey, lacks_factor, must_have_factor

SETTINGS = "conversations:settings_detail"


@require_GET
def factor_index(request):
    """Where allauth leads back to: the settings, once there is a factor if one must."""
    if lacks_factor(request.user):
        return render(request, "conversations/factor_choose.html")
    return redirect(f"{reverse(SETTINGS)}#security")


@require_http_methods(["GET", "POST"])
def passkey_remove(request, pk):
    """Remove a passkey by allauth's own page, if one can still sign in without it."""
    from allauth.mfa.webauthn.views import remove_webauthn  # late: chatsite/factors.py

    passkeys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN)
    passkey = get_object_or_404(passkeys, pk=pk, user=request.user)
    try:
        with transaction.atomic():
            check_other_way_in(user=request.user, without=passkey)
            return remove_webauthn(request, pk=pk)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return redirect("mfa_list_webauthn")


@reauthentication_required(app="allauth.mfa")
@require_http_methods(["GET", "POST"])
def password_remove(request):
    """Ask whether passkeys shall be the only way to sign in, and make them so."""
    if request.method == "GET":
        context = {"has_passkey": has_passkey(request.user)}
        return render(request, "conversations/settings_password_remove.html", context)
    try:
        remove_password(user=request.user, session_key=request.session.session_key)
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    else:
        update_session_auth_hash(request, request.user)
        messages.success(request, _("You sign in with a passkey alone from now on."))
    return redirect("mfa_index")


def security_of(user):
    """Return what the settings say of how `user` proves who they are."""
    held = {}
    for factor in Authenticator.objects.filter(user=user):
        held.setdefault(factor.type, []).append(factor)
    codes = held.get(Authenticator.Type.RECOVERY_CODES)
    offered = {p.slug: p.name for p in IdentityProvider.objects.offered()}
    accounts = user.socialaccount_set.values_list("provider", flat=True)
    return {
        "app": bool(held.get(Authenticator.Type.TOTP)),
        "passkeys": len(held.get(Authenticator.Type.WEBAUTHN, [])),
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "connected": [offered[name] for name in accounts if name in offered],
        "is_connectable": bool(offered),
        "has_password": user.has_usable_password(),
        "is_required": must_have_factor(user),
    }
