"""What the tests of the admin's pages share."""

from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient

from conversations import demo, llm
from tests.base import ChatTestCase
from tests.fakes import ScriptedProvider

CONTENT = {
    "instructions": "Be brief.",
    "history_policy": "all",
    "history_turns": "10",
    "greeting": "Hello.",
    "starters": "",
}


class AdminTestCase(ChatTestCase):
    """Bob is the administrator, and signed in."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.bob.is_staff = cls.bob.is_superuser = True
        cls.bob.save()

    def setUp(self):
        self.client.force_login(self.bob)

    def become(self, user, *permissions):
        """Sign `user` in as staff with just these permissions."""
        user.is_staff = True
        user.save()
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        self.client.force_login(user)

    def persona_form(self, **changes):
        """Return the form of the persona as it stands, with `changes`."""
        return {
            "name": self.persona.name,
            "slug": self.persona.slug,
            "state": self.persona.state,
            "position": "0",
            **CONTENT,
            **changes,
        }


class ProviderTestCase(AdminTestCase):
    """With a scripted provider, which is asked in the loop of the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.upstream = cls.enterClassContext(ScriptedProvider())

    def setUp(self):
        super().setUp()
        self.upstream.requests.clear()
        self.upstream.forget_scripts()
        self.async_client = AsyncClient()

    async def sign_in(self):
        await self.async_client.aforce_login(self.bob)

    async def let_go(self):
        """Close what the loop of this test holds; the next one has another."""
        await llm.aclose()
        await demo.aclose()


def upload(data, name="face.png"):
    return SimpleUploadedFile(name, data, content_type="image/png")
