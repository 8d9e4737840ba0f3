"""What the tests of accounts of somewhere else share: a provider, and the way there."""

import re
import urllib.request
from html import unescape
from urllib.parse import urlsplit

from django.core.cache import cache
from django.urls import reverse

from conversations.models import IdentityProvider, User
from tests.base import ChatTestCase
from tests.oidc import Provider

ADA = {
    "sub": "ada-1",
    "preferred_username": "ada",
    "email": "ada@school.example",
    "email_verified": True,
    "name": "Ada Lovelace",
}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class IdentityTestCase(ChatTestCase):
    """The provider knows ada; whoever goes there comes back as her."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.enterClassContext(Provider())

    def setUp(self):
        cache.clear()
        self.provider.sign_in_as(ADA)
        self.known = self.enterContext(
            self.settings(OIDC_PROVIDERS=[self.provider.settings])
        )
        self.slug = IdentityProvider.objects.offered()[0].slug
        self.url = self.sign_in_url = reverse("openid_connect_login", args=[self.slug])

    def leave(self, **fields):
        """Press the button; return the address it leads to."""
        page = self.client.post(self.url, fields).content.decode()
        return unescape(re.search(r'content="0; url=([^"]+)"', page)[1])

    def over_there(self, address):
        """Be at the provider; return the way back, as a path of ours."""
        opener = urllib.request.build_opener(NoRedirect)
        try:
            opener.open(address)
        except urllib.error.HTTPError as redirect:
            back = urlsplit(redirect.headers["Location"])
            redirect.close()
        self.assertEqual(back.netloc, "testserver")
        return f"{back.path}?{back.query}"

    def sign_in(self, **fields):
        return self.client.get(self.over_there(self.leave(**fields)), follow=True)

    def who(self):
        """Return the user name of who is signed in; "" for nobody."""
        pk = self.client.session.get("_auth_user_id")
        return User.objects.get(pk=pk).username if pk else ""
