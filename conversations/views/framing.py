"""Pages with the list of conversations beside them."""

from django.shortcuts import render

from conversations import listing


def render_framed(request, template, *, status=200, **context):
    """Draw `template`, which extends frame.html, with the list of who asks."""
    context["list_page"] = listing.list_page(
        request.user, opened=listing.opened_folders(request.COOKIES)
    )
    return render(request, template, context, status=status)
