from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def sharing_is_on():
    """Whether this site lets anybody make links to their conversations."""
    return settings.SHARING != "off"
