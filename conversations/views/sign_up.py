from allauth.account.views import SignupView
from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required

from conversations.actions.sign_up import find_invitation


class SignUpView(SignupView):
    """allauth's page to sign up. Who is invited is one of many who come at once."""

    def dispatch(self, request, *args, **kwargs):
        token = (request.POST or request.GET).get("invitation", "")
        if find_invitation(token) is None:
            action = "sign_up_uninvited"
            if limited := ratelimit.consume_or_429(request, action=action):
                return limited
        return super().dispatch(request, *args, **kwargs)


sign_up = login_not_required(SignUpView.as_view())
