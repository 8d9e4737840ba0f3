import re
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

_IMPORT = re.compile(r'@import url\("([^":]+)"\);\n?')


class SiteStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Static files under hashed names, compressed, each sheet in one piece.

    A sheet is written as a list of imports, a file per component; what the browser gets
    is one file, so that a page waits for one request.
    """

    support_js_module_import_aggregation = True
    manifest_strict = False

    def is_collected(self):
        """Whether `collectstatic` has run: no page can be drawn before."""
        return self.exists(self.manifest_name)

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            # The copies of the sheets become whole; from here on they are what is read.
            sheets = [name for name in paths if name.startswith("css/")]
            wholes = {name: self._whole(name, paths) for name in sheets}
            for name, whole in wholes.items():
                self.delete(name)
                self._save(name, ContentFile(whole.encode()))
            paths = paths | {name: (self, name) for name in sheets}
        yield from super().post_process(paths, dry_run, **options)

    def _whole(self, name, paths):
        """Return the sheet `name` as it was written, with what it imports in place."""
        folder = PurePosixPath(name).parent
        storage, path = paths[name]
        with storage.open(path) as file:
            sheet = file.read().decode()
        return _IMPORT.sub(
            lambda match: self._whole(str(folder / match[1]), paths), sheet
        )
