from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations import usage
from conversations.models import Persona

from .framing import render_framed


@never_cache
@require_GET
def usage_detail(request):
    """What somebody used this month, and what is left to them."""
    user = request.user
    personas = Persona.objects.usable_by(user).values("pk")
    budgets = [
        *usage.left_for(user.pk, None),
        *usage.left_of_personas(user.pk, personas),
    ]
    return render_framed(
        request,
        "conversations/usage_detail.html",
        budgets=budgets,
        used=usage.of_month(user),
    )
