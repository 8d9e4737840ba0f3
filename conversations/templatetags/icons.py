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
    return _drawn(name)


@cache
def _drawn(name):
    """A page has some 170 of them, and where the sprite is does not change."""
    return format_html(
        '<svg class="icon icon--{}" width="20" height="20" aria-hidden="true">'
        '<use href="{}#{}"></use></svg>',
        name,
        static(SPRITE),
        name,
    )
