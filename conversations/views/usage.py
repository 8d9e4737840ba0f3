from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations import usage

from .framing import render_framed


@never_cache
@require_GET
def usage_detail(request):
    """What somebody used this month, and what is left to them."""
    return render_framed(
        request,
        "conversations/usage_detail.html",
        budgets=usage.left_for(request.user.pk, None),
        used=usage.of_month(request.user),
    )
