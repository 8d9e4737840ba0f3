"""What a browser needs to keep the site, and what it keeps of it."""

import json
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.test import TestCase
from django.urls import reverse

from tests.base import ChatTestCase


class ManifestTests(TestCase):
    url = reverse("conversations:manifest_detail")

    def test_it_names_the_site_to_everybody(self):
        with self.settings(SITE_NAME="Reading Room"):
            response = self.client.get(self.url)
        manifest = response.json()
        self.assertEqual(response["Content-Type"], "application/manifest+json")
        self.assertEqual(manifest["name"], "Reading Room")
        self.assertEqual(manifest["display"], "standalone")
        self.assertEqual(manifest["start_url"], "/")

    def test_its_icons_are_there_in_the_sizes_it_says(self):
        sizes = {}
        for icon in self.client.get(self.url).json()["icons"]:
            path = finders.find(icon["src"].removeprefix("/static/"))
            width = int.from_bytes(Path(path).read_bytes()[16:20])
            self.assertEqual(icon["sizes"], f"{width}x{width}")
            sizes.setdefault(icon["purpose"], set()).add(width)
        self.assertEqual(sizes, {"any": {192, 512}, "maskable": {512}})


class FaviconTests(TestCase):
    def test_it_is_where_browsers_look_for_it(self):
        response = self.client.get("/favicon.ico")
        self.assertRegex(response.url, r"^/static/favicon\..*svg$")


class ServiceWorkerTests(ChatTestCase):
    url = "/service-worker.js"

    def kept(self, **headers):
        script = self.client.get(self.url, headers=headers).content.decode()
        return json.loads(re.search(r"const KEPT = (.*);", script)[1])

    def test_it_is_a_script_at_the_root_that_is_asked_for_again(self):
        response = self.client.get(self.url)
        self.assertEqual(response["Content-Type"], "text/javascript; charset=utf-8")
        self.assertEqual(response["Cache-Control"], "no-cache")

    def test_it_keeps_nothing_that_belongs_to_a_person(self):
        kept = self.kept()
        self.assertEqual(kept["offline"], "/offline/")
        for address in kept["shell"]:
            self.assertTrue(address.startswith("/static/"), address)

    def test_it_is_the_same_for_everybody_who_reads_the_same_language(self):
        anybody = self.kept()
        self.client.force_login(self.alice)
        self.assertEqual(self.kept(), anybody)

    def test_another_language_is_another_script(self):
        names = {self.kept(accept_language=code)["name"] for code in ("en", "ko", "id")}
        self.assertEqual(len(names), 3)


class OfflineTests(ChatTestCase):
    url = reverse("conversations:offline_detail")

    def test_nobodys_name_and_nothing_private_stands_on_it(self):
        anybody = self.client.get(self.url).content
        self.client.force_login(self.alice)
        page = self.client.get(self.url)
        self.assertEqual(page.content, anybody)
        self.assertContains(page, "cannot be reached")
        for words in ("alice", "A talk", "csrf", "data-user", "<script"):
            self.assertNotContains(page, words)
