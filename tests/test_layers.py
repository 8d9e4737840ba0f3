"""Imports point down, and each outside thing has one place that knows it.

`violations(root)` reads the source, so that each rule can be broken on a copy below.
"""

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up. A module imports from layers below its own, and from itself.
LAYERS = (
    {"metrics", "tracing", "wire"},
    {
        "matching",
        "tree",
        "rendering",
        "llm",
        "breaker",
        "formats",
        "locales",
        "oidc",
        "terms",
        "accents",
    },
    {"demo"},
    {"models"},
    {
        "events",
        "desks",
        "lanes",
        "leases",
        "reachability",
        "origins",
        "limits",
        "search",
        "usage",
    },
    {"generation"},
    {"transfer", "backup"},
    {"actions"},
    {"doctor"},
    {
        "clearing",
        "disclosure",
        "forms",
        "identity",
        "templatetags",
        "thread",
        "listing",
        "palette",
        "health",
        "server",
        "streaming",
    },
    {"protocol"},
    {"views", "consumers", "admin", "management"},
    {
        "accounts",
        "apps",
        "caches",
        "checks",
        "context_processors",
        "factors",
        "layers",
        "logs",
        "middleware",
        "migrations",
        "routing",
        "sessions",
        "staticfiles",
        "urls",
    },
)
PURE = LAYERS[0] | LAYERS[1] | LAYERS[2]
DRAWERS = {"utils", "helpers", "services", "signals", "common", "misc"}
LONGEST_MODULE = 300
LONGEST_FUNCTION = 50

# Who may not know what.
STRANGERS = (
    (PURE, ("django.db", "django.http", "django.forms", "channels")),
    ({"models"}, ("django.http", "django.forms", "django.shortcuts", "channels")),
    (
        {"events", "generation", "actions"},
        ("django.http", "django.forms", "django.shortcuts", "django.template"),
    ),
    ({"templatetags"}, ("conversations.models", "django.db")),
)
# serve starts the site, and so is handed all of it.
MAY_IMPORT_THE_SITE = {"conversations.management.commands.serve"}


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name, its noun in the app, its syntax tree."""

    name: str
    is_package: bool
    code: ast.Module
    lines: int

    @property
    def noun(self):
        """The part of the app it belongs to; "" for the app itself and the site."""
        parts = self.name.split(".")
        return parts[1] if parts[0] == "conversations" and len(parts) > 1 else ""

    @property
    def imports(self):
        """Yield the dotted name of everything it imports, `line` by `line`."""
        for node in ast.walk(self.code):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield alias.name, node.lineno
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    yield f"{self._source(node)}.{alias.name}", node.lineno

    def _source(self, node):
        if not node.level:
            return node.module
        parts = self.name.split(".")
        up = node.level - self.is_package
        parts = parts[: len(parts) - up]
        return ".".join([*parts, node.module] if node.module else parts)


def modules(root):
    for folder in ("chatsite", "conversations"):
        for path in sorted((root / folder).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            text = path.read_text()
            yield Module(name, is_package, ast.parse(text), len(text.splitlines()))


def violations(root=ROOT):
    """Return a sentence for each rule that is broken under `root`."""
    rules = (
        _placed,
        _pointing_down,
        _strangers,
        _one_importer_of_openai,
        _one_sender,
        _size,
    )
    found = list(modules(root))
    return [broken for module in found for rule in rules for broken in rule(module)]


def _layer_of(noun):
    return next((n for n, layer in enumerate(LAYERS) if noun in layer), None)


def _placed(module):
    """Every module of the app has its layer, and none is a drawer."""
    if drawers := DRAWERS & set(module.name.split(".")):
        yield f"{module.name}: “{drawers.pop()}” says nothing; name it for its noun"
    elif module.noun and _layer_of(module.noun) is None:
        yield f"{module.name}: has no layer yet; give “{module.noun}” one in LAYERS"


def _pointing_down(module):
    own = _layer_of(module.noun)
    for imported, line in module.imports:
        at = f"{module.name}:{line} imports {imported}"
        top, _, rest = imported.partition(".")
        noun = rest.partition(".")[0]
        if top == "chatsite" and module.noun and module.name not in MAY_IMPORT_THE_SITE:
            yield f"{at}: the app does not know the site; use django.conf.settings"
        if top != "conversations" or own is None or noun == module.noun:
            continue
        other = _layer_of(noun)
        if other is None:
            continue
        if other > own:
            yield f"{at}: imports point down, and {noun} is above {module.noun}"
        elif other == own and not _is_wiring(own):
            yield f"{at}: {module.noun} and {noun} stand side by side"


def _is_wiring(layer):
    return layer == len(LAYERS) - 1


def _strangers(module):
    for nouns, strangers in STRANGERS:
        if module.noun not in nouns:
            continue
        for imported, line in module.imports:
            if any(f"{imported}.".startswith(f"{name}.") for name in strangers):
                yield f"{module.name}:{line} imports {imported}: not in {module.noun}"


def _one_importer_of_openai(module):
    for imported, line in module.imports:
        if imported.split(".")[0] == "openai" and module.noun != "llm":
            yield f"{module.name}:{line} imports {imported}: only llm speaks to models"


def _one_sender(module):
    if module.noun in ("events", "layers"):  # who says it, and who carries it
        return
    for node in ast.walk(module.code):
        if isinstance(node, ast.Attribute) and node.attr == "group_send":
            yield f"{module.name}:{node.lineno} calls group_send: only events does"


def _size(module):
    if module.noun == "migrations":
        return
    if module.lines > LONGEST_MODULE:
        yield f"{module.name}: {module.lines} lines; split it by noun"
    for node in ast.walk(module.code):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{module.name}:{node.lineno} {node.name} has {lines} lines"


def test_no_rule_is_broken():
    assert violations() == []


def test_the_source_was_found():
    names = {module.name for module in modules(ROOT)}
    assert {"chatsite.settings", "conversations.models.messages"} <= names


BROKEN = {
    "up": ("models/personas.py", "from conversations.actions import messages"),
    "up, relative": ("models/personas.py", "from .. import events"),
    "up, late": ("events.py", "def late():\n    from .actions import messages"),
    "up, by a plain import": ("tree.py", "import conversations.models.users"),
    "door to door": ("views/messages.py", "from conversations.consumers import chat"),
    "pure to rows": ("rendering/markup.py", "from django.db import models"),
    "pure to HTTP": ("llm/chat.py", "from django.http import HttpResponse"),
    "models to the channel layer": ("models/users.py", "import channels.layers"),
    "action with a form": ("actions/users.py", "from django import forms"),
    "action with a request": (
        "actions/users.py",
        "from django.shortcuts import redirect",
    ),
    "tag with a query": ("templatetags/i.py", "from conversations.models import User"),
    "openai elsewhere": ("generation/runner.py", "import openai"),
    "openai elsewhere, from": ("views/users.py", "from openai import AsyncOpenAI"),
    "group_send elsewhere": ("actions/users.py", "layer.group_send('a', {})"),
    "site in the app": ("views/users.py", "from chatsite import settings"),
    "a drawer": ("views/helpers.py", ""),
    "a drawer, on top": ("utils.py", ""),
    "no layer": ("webhooks.py", ""),
    "long module": ("views/users.py", "\n" * (LONGEST_MODULE + 1)),
    "long function": ("views/users.py", "def f():" + "\n    f()" * LONGEST_FUNCTION),
}
SOUND = {
    "down": ("views/users.py", "from conversations.models import User"),
    "own package": ("models/users.py", "from .personas import Persona"),
    "own package, upwards": ("views/a/b.py", "from ..users import user_list"),
    "openai in llm": ("llm/client.py", "import openai"),
    "group_send in events": ("events.py", "layer.group_send('a', {})"),
    "wiring": ("urls.py", "from .views import users"),
    "serve": ("management/commands/serve.py", "from chatsite.asgi import application"),
}


def _tree(root, path, source):
    file = root / "conversations" / path
    file.parent.mkdir(parents=True)
    file.write_text(source)
    return root


@pytest.mark.parametrize(("path", "source"), BROKEN.values(), ids=BROKEN)
def test_each_rule_fails_when_broken(tmp_path, path, source):
    assert len(violations(_tree(tmp_path / "copy", path, source))) == 1


@pytest.mark.parametrize(("path", "source"), SOUND.values(), ids=SOUND)
def test_what_is_sound_passes(tmp_path, path, source):
    assert violations(_tree(tmp_path / "copy", path, source)) == []
