"""Accounts of somewhere else: who may be signed in by, and the groups they bring."""

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from conversations.models import IdentityProvider


@transaction.atomic
def save_identity_provider(*, provider, client_secret="", forget_secret=False):
    """Save `provider`; return whether a secret was dropped because its address changed.

    `client_secret` "" keeps what there is. A secret belongs to the address it was given
    for: it is never sent to another.
    """
    before = IdentityProvider.objects.filter(pk=provider.pk).first()
    is_moved = before is not None and before.url != provider.url
    dropped = is_moved and bool(before.encrypted_client_secret) and not client_secret
    if client_secret or forget_secret or is_moved:
        provider.set_client_secret(client_secret)
    provider.save()
    return dropped


@transaction.atomic
def follow_groups(user, *, left=None):
    """Have `user` in the groups that their accounts elsewhere say, by the rules.

    Only groups that a rule of those providers names are given or taken. `left` is the
    name, with accounts, of a provider that they have just disconnected.
    """
    accounts = SocialAccount.objects.filter(user=user)
    claims = {account.provider: account.extra_data for account in accounts}
    ruled, given = set(), set()
    for provider in IdentityProvider.objects.offered():
        if not provider.groups_claim or provider.slug not in {left, *claims}:
            continue
        values = claims.get(provider.slug, {}).get("groups", [])
        for value, group in provider.group_rules():
            ruled.add(group)
            if value in values:
                given.add(group)
    user.groups.remove(*(ruled - given))
    user.groups.add(*given)
