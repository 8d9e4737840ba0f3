"""Whatever colour a site chooses, what is made of it can be read in both themes."""

import math
import re

import pytest

from conversations import accents
from tests.environment import ROOT

TOKENS = (ROOT / "static/css/tokens.css").read_text()
COLOURS = ("#ffff00", "#ff0000", "#00ff00", "#0000ff", "#ff00ff", "#00ffff")
COLOURS += ("#000000", "#ffffff", "#808080", "#0b6e6e", "#ff8c00", "#7fff00")
LEAST = 4.5


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_and_buttons_of_it_keep_their_contrast(colour, theme):
    sheet = accents.tokens(colour)
    accent = numbers(re.search(r"--accent: oklch\(([^)]*)\)", sheet)[1])

    def token(name):
        return values(name, sheet if f"--{name}:" in sheet else TOKENS, accent)[theme]

    for ground in ("page", "surface", "aside", "soft", "accent-soft"):
        assert contrast(token("accent-text"), token(ground)) >= LEAST, ground
    for fill in ("accent-fill", "accent-fill-hover"):
        assert contrast(token("on-accent"), token(fill)) >= LEAST, fill


def test_its_hue_is_kept():
    assert "oklch(47% 0.120 264.1)" in accents.tokens("#0000ff")
    assert "oklch(47% 0.000 0.0)" in accents.tokens("#777777")


def values(name, sheet, accent):
    """Return the light and the dark value of a token as lightness, chroma, hue."""
    found = re.search(rf"--{name}:\s*light-dark\((.*?)\);", sheet, re.S)[1]
    inner = re.findall(r"oklch\(((?:[^()]|\([^()]*\))*)\)", found)
    return [resolved(one, accent) for one in inner]


def resolved(inner, accent):
    relative = inner.strip().removeprefix("from var(--accent)").strip()
    if relative == inner.strip():
        return numbers(inner)
    least = re.search(r"min\(l, ([\d.]+)\)", relative)
    if least:
        relative = relative.replace(least[0], str(min(accent[0], float(least[1]))))
    channels = dict(zip("lch", accent, strict=True))
    words = [str(channels.get(word, word)) for word in relative.split()]
    return numbers(" ".join(words))


def numbers(text):
    return [
        float(word[:-1]) / 100 if word.endswith("%") else float(word)
        for word in text.split()
    ]


def contrast(one, other):
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    """Return what WCAG calls so, of what a screen shows: each channel from 0 to 1."""
    lightness, chroma, hue = colour
    a, b = (chroma * f(math.radians(hue)) for f in (math.cos, math.sin))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    red, green, blue = (min(1.0, max(0.0, light)) for light in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
