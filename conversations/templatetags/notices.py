from django import template
from django.contrib.messages import get_messages

register = template.Library()


@register.simple_tag(takes_context=True)
def notices(context):
    """Return what the last request left to be said, [] on a page without a request.

    Django's own name for it, `messages`, means the messages of a conversation here.
    """
    request = context.get("request")
    return get_messages(request) if request else []
