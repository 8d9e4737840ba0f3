"""What supervisors ask: does it live, should people come, how are its parts."""

import json
import threading
import urllib.request
from contextlib import ExitStack
from unittest import mock

from django.db import OperationalError, connections
from django.test import SimpleTestCase, TestCase, override_settings

from conversations import health, metrics
from tests.patience import PATIENCE_SECONDS
from tests.services import Redis
from tests.site import Site

LIVE, READY, DETAIL = "/health/live/", "/health/ready/", "/health/"
PARTS = {"database", "redis", "disk", "lag"}


class HealthTestCase(TestCase):
    def setUp(self):
        patched = self.enterContext(ExitStack())
        # Whatever the process has found out before.
        checks = [health.Check(health.database), health.Check(health.disk)]
        patched.enter_context(mock.patch.object(health, "_checks", checks))
        patched.enter_context(mock.patch.object(health, "_has_been_migrated", False))
        patched.enter_context(mock.patch.object(metrics, "_lag", None))

    def assertReady(self, **parts):
        self._assert_answers(READY, 200, {"ready": True}, parts)

    def assertUnready(self, **parts):
        self._assert_answers(READY, 503, {"ready": False}, parts)

    def assertDetail(self, code, status, **parts):
        self._assert_answers(DETAIL, code, {"status": status}, parts)

    def _assert_answers(self, url, code, verdict, parts):
        response = self.client.get(url)
        self.assertEqual(response.status_code, code)
        told = response.json()
        self.assertEqual(told.keys(), PARTS | verdict.keys())
        self.assertLessEqual((verdict | parts).items(), told.items())

    def database_refuses(self):
        """Nobody gets a new connection any more."""
        refuse = mock.Mock(side_effect=OperationalError("for user chat, sesame"))
        return mock.patch.object(
            type(connections["default"]), "get_new_connection", refuse
        )


class HealthLiveTests(HealthTestCase):
    def test_it_says_ok(self):
        self.assertEqual(self.client.get(LIVE).content, b"ok")

    def test_it_asks_the_database_nothing(self):
        with self.database_refuses(), self.assertNumQueries(0):
            self.assertEqual(self.client.get(LIVE).status_code, 200)


class HealthReadyTests(HealthTestCase):
    def test_all_is_well(self):
        self.assertReady(database="ok", disk="ok", lag="ok")

    def test_without_a_database_it_is_not(self):
        with self.database_refuses():
            self.assertUnready(database="away")
        self.assertReady(database="ok")
        with self.database_refuses():
            self.assertUnready(database="away")

    def test_before_its_migrations_it_is_not(self):
        with mock.patch.object(health, "pending", return_value=["0099_later"]):
            self.assertUnready(database="unmigrated")
        self.assertReady(database="ok")

    def test_migrations_are_looked_for_until_they_are_there(self):
        self.assertReady()
        with mock.patch.object(health, "pending") as pending:
            self.assertReady()
        pending.assert_not_called()

    def test_on_a_full_disk_it_is_not(self):
        with mock.patch.object(health, "FREE_BYTES", 2**80):
            self.assertUnready(disk="low")

    def test_without_its_folder_it_is_not(self):
        with override_settings(DATA_DIR="/no/such/folder"):
            self.assertUnready(disk="away")

    def test_with_a_late_loop_it_is_not(self):
        metrics.loop_lagged(health.LAG_SECONDS)
        self.assertUnready(lag="late")
        metrics.loop_lagged(0.001)
        self.assertReady(lag="ok")

    def test_an_old_report_of_a_late_loop_says_nothing(self):
        metrics.loop_lagged(health.LAG_SECONDS)
        with mock.patch.object(health, "REPORT_SECONDS", 0):
            self.assertReady(lag="ok")


class HealthDetailTests(HealthTestCase):
    def test_all_is_well(self):
        self.assertDetail(200, "ok", database="ok", disk="ok", lag="ok")

    def test_without_a_database_it_is_503(self):
        with self.database_refuses():
            self.assertDetail(503, "degraded", database="away")

    def test_with_anything_else_it_is_degraded_and_200(self):
        with mock.patch.object(health, "FREE_BYTES", 2**80):
            self.assertDetail(200, "degraded", disk="low")
        metrics.loop_lagged(health.LAG_SECONDS)
        self.assertDetail(200, "degraded", lag="late")

    def test_why_is_for_the_log_alone_and_once(self):
        with self.database_refuses(), self.assertLogs(health.logger) as log:
            for _ in range(3):
                response = self.client.get(DETAIL)
                self.assertNotContains(response, "sesame", status_code=503)
        self.assertEqual(len(log.output), 1)
        self.assertIn("sesame", log.output[0])
        with self.assertLogs(health.logger) as log:
            self.assertDetail(200, "ok")
        self.assertEqual(len(log.output), 1)
        self.assertIn("database is ok", log.output[0])


class RedisHealthTests(HealthTestCase):
    def redis(self, *, is_reachable):
        self.enterContext(override_settings(REDIS_URL="redis://127.0.0.1:1/0"))
        answer = mock.Mock(return_value=is_reachable)
        self.enterContext(mock.patch.object(health.events, "is_reachable", answer))

    def test_without_one_set_none_is_missed(self):
        with override_settings(REDIS_URL=""):
            self.assertDetail(200, "ok", redis="unused")

    def test_all_is_well_while_it_answers(self):
        self.redis(is_reachable=True)
        self.assertDetail(200, "ok", redis="ok")

    def test_while_it_is_away_people_may_still_come(self):
        self.redis(is_reachable=False)
        self.assertReady(redis="away")
        self.assertDetail(200, "degraded", redis="away")


class HangingTests(HealthTestCase):
    """A part that does not answer: here the database, until the test lets it go."""

    def setUp(self):
        super().setUp()
        self.go_on, self.asked, self.ended = threading.Event(), [], threading.Event()

        def database():
            self.asked.append(threading.current_thread())
            self.go_on.wait(PATIENCE_SECONDS)
            self.ended.set()
            return health.OK

        self.addCleanup(self.go_on.set)
        check = health.Check(database)
        self.enterContext(mock.patch.object(health, "_checks", [check]))
        self.enterContext(mock.patch.object(health, "ANSWER_SECONDS", 0.05))

    def get(self, url):
        response = self.client.get(url)
        self.assertFalse(self.ended.is_set())
        return response

    def test_nobody_waits_for_its_end(self):
        self.assertEqual(self.get(READY).json()["database"], "away")
        self.assertEqual(self.get(DETAIL).status_code, 503)
        self.assertEqual(self.get(LIVE).status_code, 200)

    def test_it_is_asked_once_however_many_ask(self):
        for _ in range(5):
            self.get(READY)
        self.assertEqual(len(self.asked), 1)

    def test_once_it_goes_on_it_is_asked_again(self):
        self.get(READY)
        self.go_on.set()
        self.asked[0].join()
        self.assertEqual(self.client.get(READY).json()["database"], "ok")
        self.assertEqual(len(self.asked), 2)


class ProbeTests(SimpleTestCase):
    """However a probe asks, it gets its answer at once."""

    def test_any_host_will_do(self):
        response = self.client.get(LIVE, headers={"Host": "10.1.2.3:8000"})
        self.assertEqual(response.status_code, 200)

    def test_other_pages_still_mind_the_host(self):
        with self.assertLogs("django.security"):
            response = self.client.get("/", headers={"Host": "10.1.2.3:8000"})
        self.assertEqual(response.status_code, 400)

    def test_the_last_slash_is_no_matter(self):
        self.assertEqual(self.client.get("/health/live").content, b"ok")

    @override_settings(SECURE_SSL_REDIRECT=True)
    def test_plain_http_will_do(self):
        for url in (LIVE, "/health/live", "/metrics"):
            with self.subTest(url):
                self.assertEqual(self.client.get(url).status_code, 200)
        self.assertEqual(self.client.get("/").status_code, 301)

    def test_nobody_looks_up_who_asks(self):
        """A SimpleTestCase fails at any query: the session of this cookie is one."""
        self.client.cookies["sessionid"] = "made-up"
        self.assertEqual(self.client.get(LIVE).status_code, 200)

    def test_head_will_do_and_post_will_not(self):
        self.assertEqual(self.client.head(LIVE).status_code, 200)
        self.assertEqual(self.client.post(LIVE).status_code, 405)

    def test_no_answer_is_kept(self):
        self.assertIn("no-store", self.client.get(LIVE)["Cache-Control"])

    def test_it_is_told_not_to_guess_the_kind(self):
        self.assertEqual(self.client.get(LIVE)["X-Content-Type-Options"], "nosniff")


def ask(site, path):
    with urllib.request.urlopen(site.url + path, timeout=PATIENCE_SECONDS) as response:
        return json.load(response)


def test_a_site_tells_when_redis_goes_and_when_it_is_back(tmp_path):
    with Redis() as redis:
        site = Site(tmp_path, REDIS_URL=redis.url)
        site.start()
        try:
            assert ask(site, "/health/")["status"] == "ok"
            redis.stop()
            site.wait_logged("Redis is away")
            assert ask(site, "/health/ready/")["ready"]
            told = ask(site, "/health/")
            assert (told["status"], told["redis"]) == ("degraded", "away")
            redis.start()
            site.wait_logged("Redis is back")
            assert ask(site, "/health/")["status"] == "ok"
        finally:
            site.stop()
