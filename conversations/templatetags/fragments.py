from django import template
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from .patterns import pattern

register = template.Library()


@register.simple_tag
def drawn_once(template_name, **look):
    """Return a fragment that is the same for everybody who reads a language.

    `look` is what it depends on beside that: a few values, such as whether.
    """
    return mark_safe(pattern(template_name, get_language(), (), tuple(look.items())))
