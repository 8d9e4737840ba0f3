"""What a page has many of is filled into patterns.

A pattern is a template that is drawn once in each language, with a name in braces for
each value. To draw the template for every item would take ten times as long.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

# Of each kind there are a few looks; the seconds that a model thought are many.
MOST_KEPT = 1000


def fill(template_name, look=None, **values):
    """Return that template with `values`, which are safe HTML.

    `look` is what decides how it is drawn beside the language: `(name, value)` pairs.
    """
    return pattern(template_name, get_language(), tuple(values), look).format(**values)


@lru_cache(MOST_KEPT)
def pattern(template_name, language, names, look):
    """Return that template, in that language, as a text for `str.format`."""
    context = {name: mark_safe(f"{{{name}}}") for name in names}
    lines = render_to_string(
        template_name, {**context, **dict(look or ())}
    ).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())
