import zlib
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from conversations.actions import avatars
from conversations.actions.avatars import REMOVE, make_avatar
from conversations.actions.personas import (
    add_version,
    restore_version,
    save_persona,
    set_state,
)
from conversations.actions.refusals import Refusal
from conversations.models import Persona, PersonaVersion
from tests.base import ChatTestCase


class AddVersionTests(ChatTestCase):
    def add(self, **changes):
        content = self.persona.version.content | changes
        return add_version(
            persona=self.persona, content=content, author=self.bob, note="Why not"
        )

    def test_changed_content_is_a_new_version_in_use(self):
        version = self.add(instructions="Be long.")
        self.persona.refresh_from_db()
        self.assertEqual(self.persona.version, version)
        self.assertEqual((version.number, version.author), (2, self.bob))
        self.assertEqual(version.note, "Why not")

    def test_version_before_is_as_it_was(self):
        before = self.persona.version
        self.add(instructions="Be long.")
        before.refresh_from_db()
        self.assertEqual(before.instructions, "Be brief.")

    def test_same_content_is_no_version(self):
        self.assertIsNone(self.add())
        self.assertEqual(self.persona.versions.count(), 1)

    def test_each_field_of_the_content_makes_a_difference(self):
        changes = {
            "instructions": "Other",
            "temperature": 0.5,
            "top_p": 0.5,
            "max_output_tokens": 5,
            "history_policy": "none",
            "history_turns": 3,
            "starters": ["One"],
            "greeting": "Hi.",
        }
        for name, value in changes.items():
            with self.subTest(name):
                self.assertIsNotNone(self.add(**{name: value}))

    def test_version_is_never_changed(self):
        with self.assertRaises(ValidationError):
            self.persona.version.save()

    def test_restoring_adds_the_old_content_as_the_newest(self):
        first = self.persona.version
        self.add(instructions="Be long.")
        restored = restore_version(version=first, author=self.carol)
        self.assertEqual(restored.number, 3)
        self.assertEqual(restored.content, first.content)
        self.assertEqual(restored.author, self.carol)
        self.assertIn("1", restored.note)

    def test_restoring_what_is_in_use_does_nothing(self):
        version = self.persona.version
        self.assertIsNone(restore_version(version=version, author=self.bob))


class SavePersonaTests(ChatTestCase):
    def save(self, **arguments):
        arguments = {"content": self.persona.version.content} | arguments
        return save_persona(persona=self.persona, author=self.bob, **arguments)

    def test_new_persona_gets_its_first_version(self):
        persona = Persona(slug="poet", name="Poet")
        content = PersonaVersion(instructions="Rhyme.").content
        version = save_persona(persona=persona, content=content, author=self.bob)
        self.assertEqual(Persona.objects.get(slug="poet").version, version)
        self.assertEqual(version.number, 1)

    def test_new_name_is_no_new_version(self):
        self.persona.name = "Somebody"
        self.assertIsNone(self.save())
        self.assertEqual(Persona.objects.get(pk=self.persona.pk).name, "Somebody")

    def test_new_image_replaces_the_file_of_the_old_one_on_commit(self):
        self.save(avatar=b"first")
        old = self.persona.avatar_image.name
        with self.captureOnCommitCallbacks(execute=True):
            self.save(avatar=b"second")
            self.assertTrue(default_storage.exists(old))
        self.assertFalse(default_storage.exists(old))
        with self.persona.avatar_image.open() as file:
            self.assertEqual(file.read(), b"second")

    def test_image_can_be_taken_away(self):
        self.save(avatar=b"first")
        old = self.persona.avatar_image.name
        with self.captureOnCommitCallbacks(execute=True):
            self.save(avatar=REMOVE)
        self.assertFalse(default_storage.exists(old))
        self.assertEqual(Persona.objects.get(pk=self.persona.pk).avatar_url, "")

    def test_file_name_says_nothing_and_changes_with_the_image(self):
        self.save(avatar=b"first")
        first = self.persona.avatar_url
        self.save(avatar=b"second")
        self.assertNotEqual(first, self.persona.avatar_url)
        self.assertNotIn(self.persona.name, self.persona.avatar_image.name)

    def test_state_is_set_for_many(self):
        personas = {"personas": Persona.objects.all(), "state": "retired"}
        changed = set_state(**personas, author=self.bob)
        self.assertEqual(changed, Persona.objects.count())
        self.assertEqual(set_state(**personas, author=self.bob), 0)


class MakeAvatarTests(SimpleTestCase):
    def image(self, size=(640, 400), *, mode="RGB", kind="PNG", **options):
        file = BytesIO()
        Image.new(mode, size, "teal").save(file, kind, **options)
        return self.upload(file.getvalue())

    def upload(self, data):
        return SimpleUploadedFile("anything.txt", data)

    def refusal(self, file):
        with self.assertRaises(Refusal) as caught:
            make_avatar(file)
        return caught.exception

    def test_every_kind_becomes_a_small_square_webp(self):
        for kind, mode in (
            ("PNG", "RGBA"),
            ("PNG", "P"),
            ("JPEG", "CMYK"),
            ("WEBP", "RGB"),
            ("GIF", "P"),
        ):
            with self.subTest(kind=kind, mode=mode):
                made = Image.open(
                    BytesIO(make_avatar(self.image(mode=mode, kind=kind)))
                )
                self.assertEqual((made.format, made.size), ("WEBP", (256, 256)))

    def test_nothing_but_the_pixels_is_kept(self):
        exif = Image.Exif()
        exif[0x010E] = "taken at home"
        made = make_avatar(self.image(kind="JPEG", exif=exif))
        self.assertNotIn(b"home", made)
        self.assertEqual(dict(Image.open(BytesIO(made)).getexif()), {})

    def test_what_is_a_page_or_an_archive_as_well_becomes_an_image_alone(self):
        """Behind the pixels, in a comment, in a text: none of it is taken over."""
        script = b"<script>alert(document.domain)</script>"
        info = PngInfo()
        info.add_text("Comment", script.decode())
        icc = b"PK\x03\x04" + script
        for image in (
            self.upload(self.image().read() + script),
            self.upload(self.image(kind="JPEG").read() + b"PK\x03\x04" + script),
            self.upload(self.image(kind="GIF").read() + script),
            self.image(kind="GIF", mode="P", comment=script),
            self.image(kind="JPEG", comment=script),
            self.image(pnginfo=info),
            self.image(kind="WEBP", xmp=script, icc_profile=icc),
            self.image(kind="JPEG", icc_profile=icc),
        ):
            self.assertIn(script, image.read())
            image.seek(0)
            for make in (make_avatar, avatars.make_logo):
                made = make(image)
                image.seek(0)
                self.assertNotIn(b"script", made)
                self.assertNotIn(b"PK\x03\x04", made)
                self.assertEqual((made[:4], made[8:12]), (b"RIFF", b"WEBP"))
                size = int.from_bytes(made[4:8], "little")
                self.assertEqual(size + 8, len(made))  # nothing behind its end

    def test_a_turned_photo_is_upright(self):
        photo = Image.new("RGB", (400, 400), "white")
        photo.paste("black", (0, 0, 400, 200))
        exif = Image.Exif()
        exif[0x0112] = 3  # upside down
        file = BytesIO()
        photo.save(file, "JPEG", exif=exif)
        made = Image.open(BytesIO(make_avatar(self.upload(file.getvalue()))))
        self.assertGreater(made.convert("L").getpixel((128, 40)), 200)

    def test_svg_html_and_text_are_refused_with_a_sentence(self):
        for data in (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"<html>",
            b"",
            b"x",
        ):
            with self.subTest(data):
                self.assertEqual(self.refusal(self.upload(data)).code, "no_image")

    def test_broken_image_is_refused(self):
        whole = self.image(kind="JPEG").read()
        broken = self.upload(whole[: len(whole) // 2])
        self.assertEqual(self.refusal(broken).code, "no_image")

    def test_too_many_bytes_are_refused_with_the_limit(self):
        refusal = self.refusal(self.upload(b"x" * (avatars.MOST_BYTES + 1)))
        self.assertEqual(refusal.code, "too_big")
        self.assertIn("5 MB", refusal.detail)

    def test_decompression_bomb_is_refused_before_it_is_decoded(self):
        header = self.image((1, 1)).read()
        bomb = bytearray(header)
        bomb[16:24] = (60_000).to_bytes(4, "big") * 2
        bomb[29:33] = _crc(bytes(bomb[12:29]))
        self.assertIn(
            self.refusal(self.upload(bytes(bomb))).code, ("too_many_pixels", "no_image")
        )
        wide = self.image((avatars.MOST_PIXELS // 100, 101), mode="1")
        self.assertEqual(self.refusal(wide).code, "too_many_pixels")

    def test_a_thread_of_pixels_is_refused(self):
        long = self.image((1, avatars.MOST_SIDE_PIXELS + 1))
        self.assertEqual(self.refusal(long).code, "too_many_pixels")
        with self.assertRaises(Refusal):
            avatars.make_logo(self.image((1, 5000)))


def _crc(data):
    return zlib.crc32(data).to_bytes(4, "big")
