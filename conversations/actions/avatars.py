"""An image that somebody uploaded → a small one that is safe to show to everybody."""

from io import BytesIO

from django.utils.translation import gettext as _

from .refusals import Refusal

MOST_BYTES = 5 * 1024**2
MOST_PIXELS = 40_000_000  # a bomb says so in its header: it is never decoded
SIDE_PIXELS = 256
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def make_avatar(file):
    """Return the bytes of a square WebP made from the middle of `file`.

    Only the pixels are taken over: no metadata, no animation, nothing hidden behind
    the image. Raises Refusal, with a sentence, for what is too big or no such image.
    """
    if file.size > MOST_BYTES:
        raise Refusal(
            "too_big",
            _("The image has %(size).1f MB; at most %(most)d MB fit.")
            % {"size": file.size / 1024**2, "most": MOST_BYTES // 1024**2},
        )
    found = BytesIO()
    _decode(file).save(found, "WEBP", quality=85, method=6)
    return found.getvalue()


def _decode(file):
    """Return the pixels as a new square image. Pillow may fail in many ways."""
    from PIL import Image, ImageOps  # here: it would take a tenth of every start

    try:
        image = Image.open(file, formats=FORMATS)
    except Exception as error:
        raise _unreadable() from error
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise Refusal(
            "too_many_pixels",
            _("The image has %(width)d × %(height)d pixels. Make it smaller first.")
            % {"width": width, "height": height},
        )
    try:
        image.draft("RGB", (2 * SIDE_PIXELS, 2 * SIDE_PIXELS))  # quicker for photos
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:
        raise _unreadable() from error
    square = ImageOps.fit(upright, (SIDE_PIXELS, SIDE_PIXELS), Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", square.size)
    clean.paste(square)
    return clean


def _unreadable():
    return Refusal(
        "no_image", _("This is no image that can be used. Choose a PNG, JPEG or WebP.")
    )
