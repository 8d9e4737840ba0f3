"""The addresses of the site, and one that breaks."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from chatsite.urls import urlpatterns as site_urlpatterns


@login_not_required
def broken(request):
    raise ValueError("broken on purpose")


urlpatterns = [*site_urlpatterns, path("broken/", broken)]
