"""A message and its reply, in one tab, in another, and after all tabs are gone."""

import pytest
from playwright.sync_api import expect

from tests.fakes import Delta

MARKDOWN = """\
# Water

It is **wet**, ~~dry~~ and *old*[^1].

| state | °C |
|---|--:|
| ice | 0 |

- [x] boil it
- [ ] freeze it

```python
print("H2O")
```

Energy is $E = mc^2$, and R$ 12 is not R$ 15. 水は透明です。👩‍🔬

[^1]: Very old.
"""


def test_the_history_reaches_the_model_in_the_right_roles_and_order(alice, provider):
    for text in ("Ahoy, Alice.", "You are Alice.", "I said “Ahoy”."):
        provider.reply(text)
    chat = alice.begin()
    chat.ask("I am Alice.")
    chat.ask("Who am I?")
    chat.ask("What did you say first?")
    system, *history = provider.bodies[-1]["messages"]
    assert system["role"] == "system"
    assert [(message["role"], message["content"]) for message in history] == [
        ("user", "I am Alice."),
        ("assistant", "Ahoy, Alice."),
        ("user", "Who am I?"),
        ("assistant", "You are Alice."),
        ("user", "What did you say first?"),
    ]


def test_page_database_and_reload_show_the_same_reply(alice, database, provider):
    provider.reply(MARKDOWN, chunk=3)
    chat = alice.begin()
    chat.ask("Tell me about water")
    shown = chat.body().inner_html()
    kept = [("user", "Tell me about water"), ("assistant", MARKDOWN)]
    assert database.texts(chat.conversation) == kept
    chat.reload()
    assert chat.body().inner_html() == shown
    for part in ("h3", "strong", "del", "table td", "input:checked", "pre", "math"):
        expect(chat.body().locator(part).first).to_be_visible()
    expect(chat.body()).to_contain_text("R$ 12 is not R$ 15")


def test_a_reply_grows_as_it_is_written(alice, provider):
    middle, end = provider.hold(), provider.hold()
    provider.reply_pieces(["Once ", middle, "upon a ", end, "time."])
    chat = alice.begin()
    chat.send("Tell me a story")
    expect(chat.body()).to_have_text("Once")
    expect(chat.reply).to_have_attribute("data-state", "running")
    middle.release()
    expect(chat.body()).to_have_text("Once upon a")
    end.release()
    expect(chat.body()).to_have_text("Once upon a time.")
    chat.expect_ended()


def test_what_has_grown_already_is_left_alone(alice, provider):
    hold = provider.hold()
    provider.reply_pieces(["The first paragraph.\n\n", "The second", hold, " grows."])
    chat = alice.begin()
    chat.send("Two paragraphs, please")
    expect(chat.body()).to_contain_text("The second")
    chat.body().locator("p").first.evaluate(
        "(p) => getSelection().selectAllChildren(p)"
    )
    hold.release()
    chat.expect_ended()
    assert chat.page.evaluate("`${getSelection()}`") == "The first paragraph."


def test_a_message_is_copied_as_markdown(sign_in, provider):
    alice = sign_in("alice", permissions=["clipboard-read", "clipboard-write"])
    provider.reply(MARKDOWN)
    chat = alice.begin()
    chat.ask("Tell me about *water*")
    read = "navigator.clipboard.readText()"
    for message, text in (
        (chat.question, "Tell me about *water*"),
        (chat.reply, MARKDOWN),
    ):
        message.hover()
        copy = chat.button("Copy this message", message)
        copy.click()
        expect(copy).to_have_attribute("data-done", "")
        assert chat.page.evaluate(read) == text


def test_code_is_copied_without_its_frame(sign_in, provider):
    alice = sign_in("alice", permissions=["clipboard-read", "clipboard-write"])
    provider.reply(MARKDOWN)
    chat = alice.begin()
    chat.ask("Show me code")
    expect(chat.reply.locator('[data-part="language"]')).to_have_text("python")
    copy = chat.button("Copy this code")
    copy.click()
    expect(copy).to_have_attribute("data-done", "")
    assert chat.page.evaluate("navigator.clipboard.readText()") == 'print("H2O")\n'


def test_reasoning_is_folded_above_the_reply(alice, provider):
    hold = provider.hold()
    thought = Delta({"reasoning_content": "Let me think about ice."})
    provider.reply_pieces([thought, hold, "It floats."])
    chat = alice.begin()
    chat.send("Does ice float?")
    fold = chat.reply.locator(".reasoning")
    reasoning = fold.locator('[data-part="reasoning"]')
    expect(fold).to_be_visible()
    expect(reasoning).to_be_hidden()
    hold.release()
    chat.expect_ended()
    fold.locator("summary").click()
    expect(reasoning).to_have_text("Let me think about ice.")
    expect(chat.body()).to_have_text("It floats.")
    chat.reload()
    fold.locator("summary").click()
    expect(reasoning).to_have_text("Let me think about ice.")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_reply_survives_the_tab_it_began_in(alice, database, provider, share):
    hold = provider.reply(MARKDOWN, chunk=2, hold_at=share)
    chat = alice.begin()
    chat.send("Tell me about water")
    expect(chat.body()).not_to_be_empty()
    conversation = chat.conversation
    hold.wait_reached()
    chat.page.close()
    during = alice.open(conversation)
    expect(during.body()).to_contain_text("Water")
    hold.release()
    during.expect_ended()
    after = alice.open(conversation)
    assert during.body().inner_html() == after.body().inner_html()
    assert database.texts(conversation)[-1] == ("assistant", MARKDOWN)


def test_a_reply_is_whole_though_nobody_watched(alice, sign_in, database, provider):
    hold = provider.reply(MARKDOWN, hold_at=0.3)
    chat = alice.begin()
    chat.send("Tell me about water")
    expect(chat.body()).not_to_be_empty()
    conversation = chat.conversation
    alice.context.close()
    hold.release()
    again = sign_in(alice.username, again=True).open(conversation)
    again.expect_ended()
    assert database.texts(conversation)[-1] == ("assistant", MARKDOWN)
    expect(again.body().locator("table")).to_be_visible()


def test_nobody_sees_the_conversations_of_another(alice, bob, site):
    conversation = alice.talk(("My secret", "Is safe."))
    page = bob.visit()
    assert page.goto(f"/c/{conversation}/").status == 404
    expect(page.locator("body")).not_to_contain_text("secret")
    address = f"{site.url.replace('http', 'ws')}/ws/conversations/{conversation}/"
    frames, code = page.evaluate(
        """(address) => new Promise((done) => {
          const frames = [];
          const socket = new WebSocket(address);
          socket.onopen = () => socket.send('{"type":"sync","seq":{},"head":null}');
          socket.onmessage = ({ data }) => frames.push(data);
          socket.onclose = ({ code }) => done([frames, code]);
        })""",
        address,
    )
    assert (frames, code) == ([], 4404)
    assert conversation in alice.visit().content()
    assert conversation not in bob.visit().content()
