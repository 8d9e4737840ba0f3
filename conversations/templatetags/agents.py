import re

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The first that fits: most browsers claim to be several.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "macOS"),
    ("Linux", "Linux"),
)


@register.simple_tag
def agent(name):
    """Return what a User-Agent header says, in words: “Firefox, Linux”."""
    found = [_first(BROWSERS, name), _first(SYSTEMS, name)]
    return ", ".join(filter(None, found)) or _("Unknown device")


def _first(known, name):
    return next((word for pattern, word in known if re.search(pattern, name)), "")
