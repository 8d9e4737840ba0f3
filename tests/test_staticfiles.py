"""Sheets and the script reach the browser whole, each in one file."""

import os
import re
import subprocess
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from conversations.staticfiles import (
    SCRIPT,
    SiteStaticFilesStorage,
    whole_scripts,
    whole_sheet,
)
from tests import chromium
from tests.environment import ROOT


def test_a_sheet_has_what_it_imports_in_place():
    sheets = {
        "css/site.css": '@import url("a.css");\n@import url("deep/b.css");\nc {}\n',
        "css/a.css": "a {}\n",
        "css/deep/b.css": '@import url("../a.css");\nb {}\n',
    }
    assert whole_sheet("css/site.css", sheets.get) == "a {}\na {}\nb {}\nc {}\n"


def test_comments_stay_at_home():
    sheets = {"css/site.css": "/* One\n   two. */\na {\n  b: c; /* why */\n}\n"}
    assert whole_sheet("css/site.css", sheets.get) == "\na {\n  b: c; \n}\n"
    source = (
        "/** What\n * it is. */\nconst a = 1; // stays\n"
        "  // goes\n/* goes */\nconst b = `http://x/*y*/`;\nconst c = /a\\/*b/;\n"
    )
    whole = whole_scripts("js/app.js", {"js/app.js": source}.get)["js/app.js"]
    assert "it is" not in whole
    assert "goes" not in whole
    assert "const a = 1; // stays\nconst b = `http://x/*y*/`;\nconst c =" in whole


def test_what_is_newer_than_what_was_collected_is_known(tmp_path, settings):
    folder = tmp_path / "static"
    folder.mkdir()
    sheet, made = folder / "site.css", tmp_path / "made"
    sheet.touch()
    settings.STATICFILES_DIRS, settings.BASE_DIR = [folder], tmp_path
    storage = SiteStaticFilesStorage(location=made)
    storage.save(storage.manifest_name, ContentFile(b"{}"))
    manifest = made / storage.manifest_name
    collected_at = manifest.stat().st_mtime
    os.utime(sheet, (collected_at - 1, collected_at - 1))
    assert storage.changed_since() == []
    for path in (sheet, tmp_path / "requirements.txt"):
        path.touch()
        os.utime(path, (collected_at + 1, collected_at + 1))
    assert set(storage.changed_since()) == {sheet, tmp_path / "requirements.txt"}


MODULES = {
    "js/app.js": 'import "./side.js";\nimport { two } from "./lib/two.js";\n'
    "const name = 3;\ndocument.title = [two(), name].join();\n",
    "js/side.js": 'import {\n  one,\n} from "./lib/one.js";\nconst name = one;\n',
    "js/lib/one.js": "export const one = 1;\nconst name = 9;\n",
    "js/lib/two.js": 'import { one } from "./one.js";\n'
    "export function two() {\n  return one + 1;\n}\nexport class Two {}\n"
    "export async function later() {}\n",
}


def test_a_script_has_each_module_once_before_those_that_need_it():
    whole = whole_scripts("js/app.js", MODULES.get)["js/app.js"]
    names = ["js_lib_one_js", "js_side_js", "js_lib_two_js", "js_app_js"]
    places = [whole.index(f"const {name} = ") for name in names]
    assert places == sorted(places)
    assert all(whole.count(f"const {name} =") == 1 for name in names)
    assert "return { two, Two, later };" in whole


def test_the_modules_of_a_script_share_no_names(tmp_path):
    assert shown(MODULES, tmp_path) == "2,3"


LATER = {
    "js/app.js": 'import { counted } from "./lib/counter.js";\n'
    "async function begin() {\n"
    '  const { first } = await import("./elements/first.js");\n'
    '  const { second } = await import("./elements/second.js");\n'
    '  const again = await import("./elements/first.js");\n'
    "  document.title = [counted(), first(), second(), again.first()].join();\n"
    "}\nbegin();\n",
    "js/lib/counter.js": "let count = 0;\n"
    "export function counted() {\n  return (count += 1);\n}\n",
    "js/lib/both.js": 'import { counted } from "./counter.js";\n'
    "export const made = `made ${counted()}`;\n",
    "js/elements/first.js": 'import { counted } from "../lib/counter.js";\n'
    'import { made } from "../lib/both.js";\n'
    "export function first() {\n  return `${made} ${counted()}`;\n}\n",
    "js/elements/second.js": 'import { made } from "../lib/both.js";\n'
    "export const second = () => made;\n",
}


def test_what_is_fetched_on_demand_is_a_script_of_its_own():
    wholes = whole_scripts("js/app.js", LATER.get)
    assert set(wholes) == {"js/app.js", "js/elements/first.js", "js/elements/second.js"}
    assert "made" not in wholes["js/app.js"]
    assert "let count" not in wholes["js/elements/first.js"]


def test_a_module_runs_once_whichever_script_brought_it(tmp_path):
    assert shown(LATER, tmp_path) == "2,made 1 3,made 1,made 1 4"


def test_a_script_fetched_on_demand_may_fetch_another(tmp_path):
    modules = {
        "js/app.js": 'import("./deep/one.js").then((one) => one.go());\n',
        "js/deep/one.js": "export async function go() {\n"
        '  document.title = (await import("../two.js")).two;\n}\n',
        "js/two.js": 'export const two = "two";\n',
    }
    assert shown(modules, tmp_path) == "two"


def test_what_is_there_from_the_start_is_not_fetched_again():
    modules = {
        "js/app.js": 'import "./a.js";\nimport("./a.js");\n',
        "js/a.js": "export const a = 1;\n",
    }
    with pytest.raises(ImproperlyConfigured, match=r"js/a\.js is fetched on demand"):
        whole_scripts("js/app.js", modules.get)


def test_scripts_are_asked_for_by_their_hashed_names(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path / "static"
    source = FileSystemStorage(tmp_path / "source")
    storage = SiteStaticFilesStorage()
    for name, text in LATER.items():
        source.save(name, ContentFile(text))
        storage.save(name, ContentFile(text))
    paths = {name: (source, name) for name in LATER}
    faults = [row for row in storage.post_process(paths) if row[2] is not True]
    assert faults == []
    done = storage.hashed_files
    app = (tmp_path / "static" / done["js/app.js"]).read_text()
    assert not re.search(r"\n\s", app)  # what indents weighs
    for name in ("first", "second"):
        hashed_name = done[f"js/elements/{name}.js"]
        assert hashed_name != f"js/elements/{name}.js"
        assert f'import("./{hashed_name.removeprefix("js/")}")' in app


def shown(modules, folder):
    """Return the title of a page after its scripts, made of `modules`."""
    for name, whole in whole_scripts("js/app.js", modules.get).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(whole)
    page = "<title></title><script type=module src=js/app.js></script>"
    (folder / "page.html").write_text(page)
    with FileServer(folder) as address:
        command = [
            chromium.find(),
            "--headless",
            "--no-sandbox",
            "--virtual-time-budget=5000",
            "--dump-dom",
            f"{address}/page.html",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return re.search("<title>(.*?)</title>", done.stdout)[1]


class FileServer:
    """Serve `folder`: what is read from a disk may not fetch modules."""

    def __init__(self, folder):
        handler = partial(QuietHandler, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self):
        Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *exception):
        self._server.shutdown()
        self._server.server_close()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Say nothing."""


@pytest.mark.parametrize(
    "source",
    [
        'import all from "./b.js";\n',
        'import * as b from "./b.js";\n',
        'export { a } from "./b.js";\n',
        "export default class {}\n",
        "export let count = 1;\n",
        'const b = await import("./b.js");\n',
        "const go = () => import(name);\n",
        "const several = `one\n  two`;\n",
    ],
)
def test_what_cannot_be_bundled_is_named(source):
    modules = {"js/app.js": 'import "./a.js";\n', "js/a.js": source, "js/b.js": ""}
    with pytest.raises(ImproperlyConfigured, match=r"js/a\.js cannot be bundled: "):
        whole_scripts("js/app.js", modules.get)


def test_modules_that_import_each_other_are_named():
    modules = {"js/app.js": 'import "./a.js";\n', "js/a.js": 'import "./app.js";\n'}
    with pytest.raises(ImproperlyConfigured, match=r"js/app\.js imports itself"):
        whole_scripts("js/app.js", modules.get)


def test_every_module_of_the_site_comes_into_a_script():
    static, templates = ROOT / "static", ROOT / "templates"
    wholes = whole_scripts(SCRIPT, lambda name: (static / name).read_text())
    whole = "".join(wholes.values())
    pages = "".join(page.read_text() for page in templates.rglob("*.html"))
    for path in (static / "js").rglob("*.js"):
        name = path.relative_to(static).as_posix()
        if name == SCRIPT or f'{{% static "{name}" %}}' not in pages:
            variable = name.translate(str.maketrans("/-.", "___"))
            assert f"const {variable} = (modules.{variable} ??= " in whole
