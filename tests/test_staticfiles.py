"""Sheets and the script reach the browser whole, each in one file."""

import subprocess

import pytest
from django.core.exceptions import ImproperlyConfigured

from conversations.staticfiles import SCRIPT, whole_script, whole_sheet
from tests import chromium
from tests.environment import ROOT


def test_a_sheet_has_what_it_imports_in_place():
    sheets = {
        "css/site.css": '@import url("a.css");\n@import url("deep/b.css");\nc {}\n',
        "css/a.css": "a {}\n",
        "css/deep/b.css": '@import url("../a.css");\nb {}\n',
    }
    assert whole_sheet("css/site.css", sheets.get) == "a {}\na {}\nb {}\nc {}\n"


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
    whole = whole_script("js/app.js", MODULES.get)
    names = ["js_lib_one_js", "js_side_js", "js_lib_two_js", "js_app_js"]
    places = [whole.index(f"const {name} = (() => {{") for name in names]
    assert places == sorted(places)
    assert all(whole.count(f"const {name} =") == 1 for name in names)
    assert "return { two, Two, later };" in whole


def test_the_modules_of_a_script_share_no_names(tmp_path):
    page = tmp_path / "page.html"
    whole = whole_script("js/app.js", MODULES.get)
    page.write_text(f"<title></title><script type=module>{whole}</script>")
    assert "<title>2,3</title>" in shown(page)


def shown(page):
    """Return the HTML of `page` after its scripts."""
    command = [
        chromium.find(),
        "--headless",
        "--no-sandbox",
        "--dump-dom",
        page.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize(
    "source",
    [
        'import all from "./b.js";\n',
        'import * as b from "./b.js";\n',
        'export { a } from "./b.js";\n',
        "export default class {}\n",
        "export let count = 1;\n",
        'const b = await import("./b.js");\n',
    ],
)
def test_what_cannot_be_bundled_is_named(source):
    modules = {"js/app.js": 'import "./a.js";\n', "js/a.js": source, "js/b.js": ""}
    with pytest.raises(ImproperlyConfigured, match=r"js/a\.js cannot be bundled: "):
        whole_script("js/app.js", modules.get)


def test_modules_that_import_each_other_are_named():
    modules = {"js/app.js": 'import "./a.js";\n', "js/a.js": 'import "./app.js";\n'}
    with pytest.raises(ImproperlyConfigured, match=r"js/app\.js imports itself"):
        whole_script("js/app.js", modules.get)


def test_every_module_of_the_site_comes_into_the_script():
    static = ROOT / "static"
    whole = whole_script(SCRIPT, lambda name: (static / name).read_text())
    for path in (static / "js").rglob("*.js"):
        name = (
            path.relative_to(static).as_posix().translate(str.maketrans("/-.", "___"))
        )
        assert f"const {name} = " in whole
