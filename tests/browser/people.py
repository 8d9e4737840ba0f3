"""A person at a browser of their own."""

from urllib.parse import urlsplit

from tests.patience import PATIENCE_SECONDS

from .chat import Chat

SAY_VIOLATION = """addEventListener("securitypolicyviolation",
  ({ effectiveDirective, blockedURI, sample }) =>
    reportViolation(`${effectiveDirective} ${blockedURI} ${sample}`));"""


class Visitor:
    """A browser with nobody signed in. `alarms` holds what no page of ours may cause.

    That is: an error in a script, a dialog, a violation of the content security
    policy, a request to another host.
    """

    def __init__(self, browser, address, *, java_script_enabled=True, **options):
        self.address = address
        self.alarms = []
        # What keeps the shell costs each new browser half a second: test_offline.py.
        options = {"service_workers": "block"} | options
        self.context = browser.new_context(
            base_url=address, java_script_enabled=java_script_enabled, **options
        )
        self.context.set_default_timeout(1000 * PATIENCE_SECONDS / 2)
        self.context.on("request", self._requested)
        self.context.on("weberror", lambda error: self.alarms.append(error.error))
        self.context.on("dialog", self._asked)
        if java_script_enabled:
            self.context.expose_function("reportViolation", self._violated)
            self.context.add_init_script(SAY_VIOLATION)

    def _requested(self, request):
        address = urlsplit(request.url)
        own = ("127.0.0.1", urlsplit(self.address).hostname)
        if address.scheme not in ("data", "blob") and address.hostname not in own:
            self.alarms.append(f"requested {request.url}")

    def _violated(self, what):
        self.alarms.append(what)

    def _asked(self, dialog):
        self.alarms.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    @property
    def pages(self):
        return self.context.pages

    def visit(self, path="/"):
        """Open `path` in a new tab and return the page."""
        page = self.context.new_page()
        page.goto(path)
        return page

    def close(self):
        self.context.close()


class Person(Visitor):
    """A visitor who is signed in as `username`."""

    def __init__(self, browser, address, database, username, **options):
        super().__init__(browser, address, **options)
        self.username, self.database = username, database
        cookie = {"name": "sessionid", "value": database.session_of(username)}
        self.context.add_cookies([cookie | {"url": address}])

    def begin(self, path="/"):
        """Open the page of a new chat in a new tab."""
        return Chat(self.visit(path))

    def open(self, conversation):
        """Open a conversation by its id in a new tab."""
        return Chat(self.visit(f"/c/{conversation}/"))

    def talk(self, *turns, **fields):
        """Have a conversation of `(question, answer)` turns; return its id."""
        turns = turns or [("What is water?", "A drink.")]
        return self.database.add_conversation(self.username, *turns, **fields)
