from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html

register = template.Library()

SPRITE = "icons/icons.svg"


@register.simple_tag
def icon(name):
    """Return the drawing `name` of the sprite.

    It is hidden from screen readers: the words beside it, or the `aria-label` of its
    button, say what it means.
    """
    return _drawn(name, static(SPRITE))


@cache
def _drawn(name, sprite):
    """A page has some 170 of them."""
    return format_html(
        '<svg class="icon icon--{}" width="20" height="20" aria-hidden="true">'
        '<use href="{}#{}"></use></svg>',
        name,
        sprite,
        name,
    )
