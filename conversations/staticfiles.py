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
            sheets = [name for name in paths if name.startswith("css/")]
            # From here on the copy is what is read, no longer the file it came from.
            paths = paths | {name: (self, name) for name in sheets}
            for name in sheets:
                self._inline_imports(name)
        yield from super().post_process(paths, dry_run, **options)

    def _inline_imports(self, name):
        folder = PurePosixPath(name).parent
        sheet = self._read(name)
        whole = _IMPORT.sub(lambda match: self._read(str(folder / match[1])), sheet)
        if whole != sheet:
            self.delete(name)
            self._save(name, ContentFile(whole.encode()))

    def _read(self, name):
        with self.open(name) as file:
            return file.read().decode()
