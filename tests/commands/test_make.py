"""The Makefile, with a Python that notes what it is asked to do."""

import os
import shutil
import stat
import subprocess
import sys

import pytest

from tests.environment import ROOT, documented

PYTHON = f"""\
#!/bin/sh
case "$1 $2" in
"manage.py "*) ;;
*) exec {sys.executable} "$@" ;;
esac
echo "$*"
"""


@pytest.fixture
def clone(tmp_path):
    """A clone whose packages are installed, in a folder with a space in its name."""
    clone = tmp_path / "my chats"
    for name in ("Makefile", ".env.example", "requirements.txt"):
        (clone / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, clone / name)
    write_program(clone / ".venv" / "bin" / "python", PYTHON)
    (clone / ".venv" / ".installed").touch()
    return clone


def write_program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def make(clone, *arguments):
    ours = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON", *documented()}
    return subprocess.run(
        ["make", *arguments],
        cwd=clone,
        env={name: text for name, text in os.environ.items() if name not in ours},
        capture_output=True,
        text=True,
    )


def test_run_makes_a_secret_that_nobody_else_may_read(clone):
    assert make(clone, "run").returncode == 0
    made = clone / ".env"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    key = made.read_text().partition("\nSECRET_KEY=")[2].partition("\n")[0]
    assert len(key) > 60
    made.unlink()
    make(clone, "run")
    assert key not in made.read_text()


def test_what_is_in_the_file_stays(clone):
    (clone / ".env").write_text("SECRET_KEY=mine\n")
    make(clone, "run")
    assert (clone / ".env").read_text() == "SECRET_KEY=mine\n"


def test_a_run_only_serves_what_is_installed(clone):
    for _ in range(2):
        assert make(clone, "run").stdout == "manage.py serve --prepare\n"


def test_python_keeps_what_it_compiles(clone, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    told = '#!/bin/sh\necho "keeps nothing: $PYTHONDONTWRITEBYTECODE"\n'
    write_program(clone / ".venv" / "bin" / "python", told)
    assert set(make(clone, "run").stdout.splitlines()) == {"keeps nothing: "}


def test_an_old_python_gets_one_sentence(clone):
    shutil.rmtree(clone / ".venv")
    write_program(clone / "old-python", "#!/bin/sh\nexit 1\n")
    run = make(clone, "run", "PYTHON=./old-python")
    sentence, ours = run.stderr.splitlines()
    assert sentence.startswith("There is no Python 3.11 or newer here")
    assert "PYTHON=" in sentence
    assert ours.startswith("make: ***")
    assert (run.stdout, run.returncode) == ("", 2)


def test_help_tells_what_there_is(clone):
    said = make(clone).stdout
    for name in ("run", "test", "faults", "bench", "format", "requirements"):
        assert f"make {name} " in said


def test_both_stacks_are_tested_at_once(clone):
    write_program(clone / "tests" / "requirements.txt", "")
    (clone / ".venv" / ".installed-tests").touch()
    said = make(clone, "-n", "test").stdout
    *_, last = said.splitlines()
    assert "check --deploy --fail-level WARNING" in said
    assert "-m pytest --dist=each" in last
    assert "TEST_STACK=sqlite" in last
    assert "TEST_STACK=postgres" in last
