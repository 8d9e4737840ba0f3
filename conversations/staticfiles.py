import re
from pathlib import PurePosixPath
from posixpath import normpath

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The one script of a page; every other module comes into it.
SCRIPT = "js/app.js"

_SHEET = re.compile(r'@import url\("([^":]+)"\);\n?')
_MODULE = re.compile(r'^import (?:(\{[^}]+\}) from )?"(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:async )?(?:class|const|function) (\w+))", re.MULTILINE
)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*|\bimport\(.*|\bawait import.*", re.M)


class SiteStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Static files under hashed names, compressed, sheets and the script in one piece.

    A sheet is written as a list of imports, a file per component, and the script as
    modules that import each other; what the browser gets of each is one file, so that a
    page waits for one request.
    """

    manifest_strict = False

    def is_collected(self):
        """Whether `collectstatic` has run: no page can be drawn before."""
        return self.exists(self.manifest_name)

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            # The copies become whole; from here on they are what is read.
            wholes = dict(_wholes(paths))
            for name, whole in wholes.items():
                self.delete(name)
                self._save(name, ContentFile(whole.encode()))
            paths = paths | {name: (self, name) for name in wholes}
        yield from super().post_process(paths, dry_run, **options)


def _wholes(paths):
    """Yield `(name, whole text)` of what is written in parts."""

    def read(name):
        if name not in paths:
            raise ImproperlyConfigured(f"{name} is imported and is not there")
        storage, path = paths[name]
        with storage.open(path) as file:
            return file.read().decode()

    for name in paths:
        if name.startswith("css/"):
            yield name, whole_sheet(name, read)
        elif name == SCRIPT:
            yield name, whole_script(name, read)


def whole_sheet(name, read):
    """Return the sheet `name` with what it imports in place; `read(name)` gives one."""
    return _SHEET.sub(
        lambda match: whole_sheet(_beside(name, match[1]), read), read(name)
    )


def whole_script(name, read):
    """Return the module `name` after all that it imports, as one script.

    Each module stays a scope of its own: a function that returns what it exports.
    Raises ImproperlyConfigured for what this cannot do: modules that import each other
    in a circle, and other forms than `import { a, b } from "./c.js"` and
    `export class`, `const` or `function`.
    """
    scopes = {}
    _collect(name, read, scopes, above=())
    return "".join(scopes.values())


def _collect(name, read, scopes, above):
    if name in above:
        raise ImproperlyConfigured(f"{name} imports itself, by way of {above[-1]}")
    if name in scopes:
        return

    def take(match):
        wanted = _beside(name, match[2])
        _collect(wanted, read, scopes, (*above, name))
        return f"const {match[1]} = {_variable(wanted)};\n" if match[1] else ""

    source = _MODULE.sub(take, read(name))
    exported = ", ".join(_EXPORT.findall(source))
    source = _EXPORT.sub("", source)
    if left_over := _LEFT_OVER.search(source):
        raise ImproperlyConfigured(f"{name} cannot be bundled: {left_over[0]}")
    body = f"{source}return {{ {exported} }};\n"
    scopes[name] = f"const {_variable(name)} = (() => {{\n{body}}})();\n"


def _beside(name, relative):
    return normpath(PurePosixPath(name).parent / relative)


def _variable(name):
    return re.sub(r"\W", "_", name)
