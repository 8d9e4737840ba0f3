"""The site's own colour, brought to where text and buttons made of it can be read.

`tokens.css` derives every form of it from its hue and its strength. WCAG's contrast
knows only luminance, and that of a strong colour leaves what its lightness promises.
"""

import math

# Stronger ones leave what a screen shows at the lightness of text, and lose contrast.
MOST_CHROMA = 0.12
LIGHTNESS = 0.47


def tokens(colour):
    """Return the sheet that makes `colour`, as “#0b6e6e”, the accent of a page."""
    chroma, hue = _strength_and_hue(colour)
    chroma = min(chroma, MOST_CHROMA)
    return (
        f":root {{\n  --accent: oklch({LIGHTNESS:.0%} {chroma:.3f} {hue:.1f});\n"
        f"  --on-accent: light-dark(oklch(99% 0 0), oklch(18% 0.02 {hue:.1f}));\n}}\n"
    )


def _strength_and_hue(colour):
    """Return chroma and hue in OKLCH; for a grey, the hue is 0."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    chroma = math.hypot(a, b)
    if chroma < 0.002:
        return 0.0, 0.0
    return chroma, math.degrees(math.atan2(b, a)) % 360


def _linear(channel):
    """Return how much light a channel of 0 to 255 gives, 0 to 1."""
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
