"""What an answer gives away: its words, and the work that its time comes from."""

from unittest.mock import patch

from django.contrib.auth import hashers


class CountedHashes:
    """How often a password was hashed while the block lasted."""

    def __enter__(self):
        hasher = hashers.get_hasher().__class__
        self._patch = patch.object(
            hasher, "encode", autospec=True, side_effect=hasher.encode
        )
        self._encode = self._patch.start()
        return self

    def __exit__(self, *exc_info):
        self.count = self._encode.call_count
        self._patch.stop()


def said(response, typed):
    """Return what a page says, without what was typed in and what differs each time."""
    lines = response.content.decode().replace(typed, "…").splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]
