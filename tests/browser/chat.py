"""The page of a conversation, as the person before it sees it."""

import re

from playwright.sync_api import expect

ADDRESS = re.compile(r"/c/([0-9a-f-]{36})/$")

# The HTML of each message, with attributes in the order of their names.
MARKUP = """(messages) => messages.map((message) => {
  const copy = message.cloneNode(true);
  for (const element of [copy, ...copy.querySelectorAll("*")]) {
    const pairs = [...element.attributes].map(({ name, value }) => [name, value]);
    for (const [name] of pairs) element.removeAttribute(name);
    for (const [name, value] of pairs.sort()) element.setAttribute(name, value);
  }
  return copy.outerHTML;
})"""

# This acknowledges nothing, and is not answered.
IS_CONNECTED = """() => {
  const nothing = { type: "ack", message: 1, seq: 0 };
  return document.querySelector("chat-thread").send(nothing);
}"""


class Chat:
    def __init__(self, page):
        self.page = page
        self.box = page.get_by_role("textbox", name="Message", exact=True)
        self.send_button = page.get_by_role("button", name="Send", exact=True)
        self.stop_button = page.locator("#composer-stop")
        self.title = page.locator("#conversation-title")
        self.notice = page.locator("#thread-notice")
        self.to_the_end = page.get_by_role("button", name="To the end")
        self.messages = page.locator("#messages > *")
        self.questions = page.locator("#messages > .message--user")
        self.replies = page.locator("#messages > .message--assistant")
        self.list = page.locator("conversation-list")

    @property
    def conversation(self):
        """The id in the address, which a saved conversation has."""
        expect(self.page).to_have_url(ADDRESS)
        return ADDRESS.search(self.page.url)[1]

    @property
    def question(self):
        """The last message of the person."""
        return self.questions.last

    @property
    def reply(self):
        """The last reply."""
        return self.replies.last

    def body(self, message=None):
        """The words of a message; of the last reply unless told."""
        return (message or self.reply).locator('[data-part="body"]')

    def item(self, conversation):
        """The conversation's item in the list."""
        return self.page.locator(f"#conversation-{conversation}")

    def await_connection(self):
        """From then on the page hears all that is told, and waits for nothing else."""
        self.page.wait_for_function(IS_CONNECTED)

    def send(self, text):
        self.box.fill(text)
        self.box.press("Enter")

    def ask(self, text):
        """Send `text` and wait until its reply has ended."""
        count = self.replies.count()
        self.send(text)
        expect(self.replies).to_have_count(count + 1)
        self.expect_ended()

    def expect_ended(self, state="finished"):
        expect(self.reply).to_have_attribute("data-state", state)

    def markup(self):
        """What the page holds of the messages, to compare it with another page."""
        return self.messages.evaluate_all(MARKUP)

    def button(self, name, message=None):
        """A button of a message; of the last reply unless told."""
        return (message or self.reply).get_by_role("button", name=name, exact=True)

    def reload(self):
        self.page.reload()
