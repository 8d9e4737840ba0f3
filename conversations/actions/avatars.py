"""An image that somebody uploaded → a small one that is safe to show to everybody."""

import secrets
from io import BytesIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from .refusals import Refusal

MOST_BYTES = 5 * 1024**2
MOST_PIXELS = 40_000_000  # a bomb says so in its header: it is never decoded
MOST_SIDE_PIXELS = 20_000  # a thread of pixels takes a gigabyte to be drawn smaller
SIDE_PIXELS = 256
LOGO_PIXELS = (512, 128)
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# What `set_image` takes for none.
REMOVE = b""


def make_avatar(file):
    """Return the bytes of a square WebP made from the middle of `file`.

    Only the pixels are taken over: no metadata, no animation, nothing hidden behind
    the image. Raises Refusal, with a sentence, for what is too big or no such image.
    """
    return _encoded(file, _square)


def make_logo(file):
    """Return the same of all of `file`, which keeps its shape."""
    return _encoded(file, _whole)


def set_image(row, field, image):
    """Give `row` that image, unsaved; the old one's file goes once that is certain.

    `image` are bytes of `make_avatar` or `make_logo`, or REMOVE.
    """
    file = getattr(row, field)
    old, storage = file.name, file.storage
    if image == REMOVE:
        setattr(row, field, "")
    else:
        name = f"{secrets.token_hex(16)}.webp"
        file.save(name, ContentFile(image), save=False)
    if old:
        transaction.on_commit(lambda: storage.delete(old))


def _encoded(file, fit):
    if file.size > MOST_BYTES:
        raise Refusal(
            "too_big",
            _("The image has %(size).1f MB; at most %(most)d MB fit.")
            % {"size": file.size / 1024**2, "most": MOST_BYTES // 1024**2},
        )
    found = BytesIO()
    _decode(file, fit).save(found, "WEBP", quality=85, method=6)
    return found.getvalue()


def _decode(file, fit):
    """Return the pixels as a new image, cut by `fit`. Pillow may fail in many ways."""
    from PIL import Image, ImageOps  # here: it would take a tenth of every start

    try:
        image = Image.open(file, formats=FORMATS)
    except Exception as error:
        raise _unreadable() from error
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE_PIXELS:
        raise Refusal(
            "too_many_pixels",
            _("The image has %(width)d × %(height)d pixels. Make it smaller first.")
            % {"width": width, "height": height},
        )
    try:
        image.draft("RGB", (2 * LOGO_PIXELS[0], 2 * LOGO_PIXELS[0]))  # for photos
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    except Exception as error:
        raise _unreadable() from error
    cut = fit(upright)
    if 0 in cut.size:  # so narrow that nothing of it is left
        raise _unreadable()
    clean = Image.new("RGBA", cut.size)
    clean.paste(cut)
    return clean


def _square(image):
    from PIL import Image, ImageOps

    return ImageOps.fit(image, (SIDE_PIXELS, SIDE_PIXELS), Image.Resampling.LANCZOS)


def _whole(image):
    from PIL import Image, ImageOps

    return ImageOps.contain(image, LOGO_PIXELS, Image.Resampling.LANCZOS)


def _unreadable():
    return Refusal(
        "no_image", _("This is no image that can be used. Choose a PNG, JPEG or WebP.")
    )
