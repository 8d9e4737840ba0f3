"""What is below /static/: found when it is first asked for, and nothing beside it."""

from contextlib import closing

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from conversations.staticfiles import StaticFilesMiddleware

SHEET = "a {}\n" * 9
ELSEWHERE = HttpResponse("elsewhere")


@pytest.fixture
def served(tmp_path, settings):
    """Return what answers for a path; the files are in `tmp_path / "static"`."""
    settings.STATIC_ROOT = tmp_path / "static"
    (settings.STATIC_ROOT / "css").mkdir(parents=True)
    (settings.STATIC_ROOT / "css/a.css").write_text(SHEET)
    (settings.STATIC_ROOT / "css/a.css.gz").write_bytes(b"compressed")
    (tmp_path / "secret.txt").write_text("secret")
    middleware = StaticFilesMiddleware(lambda request: ELSEWHERE)

    def ask(path, **headers):
        request = RequestFactory().get("/", headers=headers)
        request.path_info = path
        return middleware(request)

    return ask


def body_of(response):
    with closing(response):
        return b"".join(response.streaming_content)


def test_a_file_is_served_each_time(served):
    for _ in range(2):
        response = served("/static/css/a.css")
        assert response["Content-Type"].startswith("text/css")
        assert body_of(response) == SHEET.encode()


def test_who_takes_it_compressed_gets_it_so(served):
    response = served("/static/css/a.css", accept_encoding="gzip")
    assert response["Content-Encoding"] == "gzip"
    assert body_of(response) == b"compressed"


@pytest.mark.parametrize(
    "path",
    [
        "/css/a.css",
        "/static/css/b.css",
        "/static/css",
        "/static/css/",
        "/static/css/a.css.gz",
        "/static/../secret.txt",
        "/static//css/a.css",
        "/static/css/../../secret.txt",
        "/static/\0",
        f"/static/{'a' * 5000}",
        "/static/\udcff",
    ],
)
def test_all_else_is_for_the_site_to_answer(served, path):
    assert served(path) is ELSEWHERE


def test_what_was_missing_may_come(served, settings):
    assert served("/static/later.txt") is ELSEWHERE
    (settings.STATIC_ROOT / "later.txt").write_text("here")
    assert body_of(served("/static/later.txt")) == b"here"
