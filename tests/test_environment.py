"""`.env.example` tells of every variable that the site reads, and of no other."""

import ast
import re

from tests.environment import ROOT, VARIABLE, documented

READ = re.compile(r"env(\.[a-z_]+)?")


def reads():
    """Yield `(name, default)` of each variable that settings.py reads.

    The default is the text `.env.example` shows for it, None where it is computed.
    """
    settings = ast.parse((ROOT / "chatsite" / "settings.py").read_text())
    for node in ast.walk(settings):
        if isinstance(node, ast.Call) and READ.fullmatch(ast.unparse(node.func)):
            yield ast.literal_eval(node.args[0]), _default(node)


def _default(call):
    found = [k.value for k in call.keywords if k.arg == "default"]
    if not found:
        return None
    try:
        value = eval(ast.unparse(found[0]), {"__builtins__": {}})
    except NameError:
        return None
    return "" if value == [] else str(value)


def test_settings_are_read_from_the_environment():
    assert len(list(reads())) > 30


def test_every_variable_that_is_read_is_documented():
    assert {name for name, _ in reads()} - documented().keys() == set()


def test_every_documented_variable_is_read():
    assert documented().keys() - {name for name, _ in reads()} == set()


def test_what_is_commented_out_shows_the_default():
    text = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"^#([A-Z_]+)=(.*)$", text, re.MULTILINE))
    wrong = {
        name: (shown[name], default)
        for name, default in reads()
        if default is not None and name in shown and shown[name] != default
    }
    assert wrong == {}


def test_every_variable_has_its_line_above():
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = zip(lines, lines[1:], strict=False)
    bare = [line for above, line in pairs if VARIABLE.match(line) and above[:2] != "# "]
    assert bare == []


def test_no_secret_is_documented():
    shown = documented()
    secrets = ("SECRET_KEY", "OPENAI_API_KEY", "DJANGO_SUPERUSER_PASSWORD")
    assert [shown[name] for name in secrets] == ["", "", ""]


def test_nothing_but_the_settings_reads_the_environment():
    sources = [*ROOT.glob("chatsite/**/*.py"), *ROOT.glob("conversations/**/*.py")]
    reads = re.compile(r"os\.(?:environ(?!\.setdefault)|getenv)|environb")
    readers = [p.relative_to(ROOT) for p in sources if reads.search(p.read_text())]
    assert readers == []


def test_where_anybody_comes_no_proxy_is_believed():
    """PUBLISH takes the lines away: visitors may have such addresses themselves."""
    lines = (ROOT / "compose.yaml").read_text().splitlines()
    believed = [line.strip() for line in lines if "set_real_ip_from" in line]
    assert believed
    assert all(line.startswith("${PUBLISH:+#} ") for line in believed)
