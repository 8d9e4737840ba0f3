from allauth.core import ratelimit
from allauth.socialaccount.views import connections
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import render
from django.views.decorators.cache import never_cache


@login_not_required
@never_cache
def identity_sign_in(request, provider_id):
    """Lead to the provider, by way of a page: a form of ours may lead to none other."""
    from conversations.identity import visits

    if request.method == "POST" and (
        limited := ratelimit.consume_or_429(request, action="login")
    ):
        return limited
    response = visits.leave(request, provider_id)
    if response.status_code != 302:
        return response
    context = {"address": response.url}
    return render(request, "socialaccount/leave.html", context)


@login_not_required
@never_cache
def identity_callback(request, provider_id):
    """Where the provider leads back to."""
    from conversations.identity import visits

    return visits.come_back(request, provider_id)


@never_cache
def account_list(request):
    """allauth's page of the accounts one signs in with; what it disconnects goes whole.

    Its form looks whether there is another way in, and takes it away later.
    """
    if request.method != "POST":
        return connections(request)
    with transaction.atomic():
        return connections(request)
