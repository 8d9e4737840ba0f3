import re
from pathlib import Path, PurePosixPath
from posixpath import dirname, normpath, relpath

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The one script of a page. Every other module comes into it, or into a script that is
# fetched when it is wanted: `import("./palette.js")`.
SCRIPT = "js/app.js"

# Comments are for who reads the source: lines of their own, and all of them in sheets.
_NOTE = re.compile(r"^[ \t]*(?:/\*\*?(?:\s[\s\S]*?)?\*/|//.*)\n", re.MULTILINE)
_SHEET_NOTE = re.compile(r"/\*[\s\S]*?\*/")
# So is what stands before a line: a twentieth of what a page weighs.
_INDENT = re.compile(r"\n\s+")
_SHEET = re.compile(r'@import url\("([^":]+)"\);\n?')
_MODULE = re.compile(r'^import (?:(\{[^}]+\}) from )?"(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:async )?(?:class|const|function) (\w+))", re.MULTILINE
)
_ON_DEMAND = re.compile(r'\bimport\("(\.[^"]+)"\)')
# Also `await` outside any function: there is no module here that could wait.
_LEFT_OVER = re.compile(
    r'^(?:import|export)\b(?!\().*|\bimport\((?!"\.[^"]+"\)).*'
    r"|^(?!.*\basync\b)\S.*\bawait\b.*",
    re.MULTILINE,
)


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise's, which looks at a file when it is first asked for.

    It would look at all of them as the site starts, which takes 40 ms and 2 MB: they
    are some 500, and a page has five.
    """

    def update_files_dictionary(self, root, prefix):
        self.directories.insert(0, (root, prefix))

    def __call__(self, request):
        path = request.path_info
        if path not in self.files and (found := self.find_file(path)):
            self.files[path] = found
        return super().__call__(request)


class SiteStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Static files under hashed names, compressed, sheets and scripts in one piece.

    A sheet is written as a list of imports, a file per component, and the script as
    modules that import each other; what the browser gets of each is one file, so that a
    page waits for one request. What few people use is a script of its own, fetched by
    the `import()` that names it.
    """

    manifest_strict = False
    # A script is asked for by its hashed name, too.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "js/*.js",
            (
                (
                    r'(?P<matched>\bimport\("(?P<url>\.[^"]+)"\))',
                    'import("%(url)s")',
                ),
            ),
        ),
    )

    def is_collected(self):
        """Whether `collectstatic` has run: no page can be drawn before."""
        return self.exists(self.manifest_name)

    def changed_since(self):
        """Return the paths of what they are made of that changed since they were.

        Some come from packages, which change with the list of them.
        """
        # The manifest is written last: whatever is newer has not been collected.
        made_at = Path(self.path(self.manifest_name)).stat().st_mtime
        sources = [settings.BASE_DIR / "requirements.txt", Path(__file__)]
        for folder in settings.STATICFILES_DIRS:
            sources += Path(folder).rglob("*")
        return [p for p in sources if p.is_file() and p.stat().st_mtime > made_at]

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
            yield name, _unindented(whole_sheet(name, read))
    if SCRIPT in paths:
        for name, text in whole_scripts(SCRIPT, read).items():
            yield name, _unindented(text)


def _unindented(text):
    return _INDENT.sub("\n", text)


def whole_sheet(name, read):
    """Return the sheet `name` with what it imports in place; `read(name)` gives one."""
    source = _SHEET_NOTE.sub("", read(name))
    return _SHEET.sub(lambda match: whole_sheet(_beside(name, match[1]), read), source)


def whole_scripts(first, read):
    """Return the script `first` and those fetched from it on demand: text by name.

    Each has the modules it imports before it. A module stays a scope of its own: a
    function that returns what it exports, run once in a page whichever script brought
    it. Raises ImproperlyConfigured for what this cannot do: modules that import each
    other in a circle, texts of several lines, and other forms than
    `import { a, b } from "./c.js"`, `import("./c.js")` inside a function and
    `export class`, `const` or `function`.
    """
    bundle = _Bundle(first, read)
    wholes = {first: f"const modules = {{}};\n{bundle.text}"}
    waiting = list(bundle.on_demand)
    while waiting:
        name = waiting.pop()
        if name in wholes:
            continue
        if name in bundle.scopes:
            raise ImproperlyConfigured(f"{name} is fetched on demand and in {first}")
        later = _Bundle(name, read, known=bundle.scopes)
        wholes[name] = (
            f"export default (modules) => {{\n{later.text}"
            f"return {_variable(name)};\n}};\n"
        )
        waiting += later.on_demand
    return wholes


class _Bundle:
    """The scopes of one script, in the order in which they run."""

    def __init__(self, name, read, known=()):
        """`known` are the modules that are in the page before this script."""
        self.name, self._read, self._known = name, read, known
        self.scopes = {}
        self.on_demand = []
        self._collect(name, above=())

    @property
    def text(self):
        return "".join(self.scopes.values())

    def _collect(self, name, above):
        if name in above:
            raise ImproperlyConfigured(f"{name} imports itself, by way of {above[-1]}")
        if name in self.scopes:
            return
        variable = _variable(name)
        if name in self._known:
            self.scopes[name] = f"const {variable} = modules.{variable};\n"
            return

        def take(match):
            wanted = _beside(name, match[2])
            self._collect(wanted, (*above, name))
            return f"const {match[1]} = {_variable(wanted)};\n" if match[1] else ""

        def fetch(match):
            self.on_demand.append(_beside(name, match[1]))
            address = relpath(self.on_demand[-1], dirname(self.name))
            return f'import("./{address}").then((script) => script.default(modules))'

        source = _MODULE.sub(take, _NOTE.sub("", self._read(name)))
        exported = ", ".join(_EXPORT.findall(source))
        source = _EXPORT.sub("", source)
        if any(line.count("`") % 2 for line in source.splitlines()):
            raise ImproperlyConfigured(
                f"{name} cannot be bundled: a text of several lines"
            )
        if left_over := _LEFT_OVER.search(source):
            raise ImproperlyConfigured(f"{name} cannot be bundled: {left_over[0]}")
        body = f"{_ON_DEMAND.sub(fetch, source)}return {{ {exported} }};\n"
        scope = f"(modules.{variable} ??= (() => {{\n{body}}})())"
        self.scopes[name] = f"const {variable} = {scope};\n"


def _beside(name, relative):
    return normpath(PurePosixPath(name).parent / relative)


def _variable(name):
    return re.sub(r"\W", "_", name)
