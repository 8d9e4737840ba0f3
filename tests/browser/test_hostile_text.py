"""Hostile text stays text: no script, no dialog, no request to another host.

What would give it away is told by the alarms of `Visitor`, after each test.
"""

import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

# A script and a style that stand in the page.
SLIPS_THROUGH = """() => {
  const [script, style] = ["script", "style"].map((n) => document.createElement(n));
  style.textContent = "body { color: red }";
  try {
    script.text = "alert(1)";
  } catch {}
  document.body.append(script, style);
}"""

HOSTILE = """\
<script>alert("script")</script><img src=x onerror=alert("image")>
<svg onload=alert("svg")></svg><iframe src="https://evil.example/frame"></iframe>
<a href="javascript:alert('link')">html link</a>"><b id="injected">bold</b>

[a script](javascript:alert("markdown")) [data](data:text/html,<b>)
![an image](https://evil.example/pixel.png) ![relative](/accounts/logout/)
<https://evil.example/auto> https://evil.example/bare
[named]: https://evil.example/named "title"
![named]

$\\href{javascript:alert("formula")}{x}$ `<script>alert("code")</script>`

```html
<script>alert("block")</script>
```

<style>body { display: none }</style>
<form action="https://evil.example/"><button>press</button></form>
"""
# In one line: for titles and names.
SHORT = '<img src=x onerror=alert(1)>"><script>alert(2)</script>'
DANGEROUS = """(root) => [...root.querySelectorAll("*")].filter((element) =>
  ["SCRIPT", "IFRAME", "OBJECT", "EMBED", "FORM", "STYLE"].includes(element.tagName)
  || element.id === "injected"
  || [...element.attributes].some(({ name, value }) => name.startsWith("on")
    || (["href", "src", "action"].includes(name) && /^(javascript|data|vbscript):/i
      .test(value.trim()))
    || (name === "src" && /^https?:/.test(value)))
).map((element) => element.outerHTML)"""


def expect_harmless(locator):
    assert locator.evaluate(DANGEROUS) == []


@pytest.mark.parametrize("chunk", [1, 7, 5000], ids="{} at a time".format)
def test_a_hostile_reply_is_shown_as_text(alice, provider, chunk):
    provider.reply(HOSTILE, chunk=chunk)
    chat = alice.begin()
    chat.ask("Be evil")
    expect(chat.body()).to_contain_text('<script>alert("script")</script>')
    expect_harmless(chat.body())
    chat.reload()
    expect(chat.body()).to_contain_text('<script>alert("script")</script>')
    expect_harmless(chat.body())


def test_hostile_reasoning_is_shown_as_text(alice, provider):
    provider.reply(f"<think>{HOSTILE}</think>Done.")
    chat = alice.begin()
    chat.ask("Think evil")
    chat.reply.locator("summary").first.click()
    expect(chat.reply).to_contain_text("<script>")
    expect_harmless(chat.reply.locator('[data-part="reasoning"]'))


def test_a_hostile_message_is_shown_as_text(alice, database):
    chat = alice.begin()
    chat.ask(HOSTILE)
    assert database.texts(chat.conversation)[0] == ("user", HOSTILE.strip())
    expect(chat.body(chat.question)).to_contain_text("<script>")
    expect_harmless(chat.body(chat.question))
    chat.reload()
    expect_harmless(chat.body(chat.question))


def test_a_message_that_waits_to_be_sent_is_text(sign_in, proxy):
    person = sign_in("alice", address=proxy.url)
    chat = person.open(person.talk())
    proxy.go_down()
    chat.send(HOSTILE)
    expect(chat.question).to_contain_text("<script>")
    expect_harmless(chat.question.locator('[data-part="text"]'))


def test_hostile_names_and_titles_are_text(sign_in, database, make_persona):
    alice = sign_in("alice", fields={"first_name": SHORT})
    slug = make_persona(SHORT, greeting=HOSTILE, starters=[SHORT])
    database.change_persona(slug, description=SHORT, avatar_emoji="<b>x</b>")
    chat = alice.begin(f"/?persona={slug}")
    expect(chat.page.get_by_text(f"Hello, {SHORT}.")).to_be_visible()
    expect(chat.page.locator(".persona-card__name").last).to_have_text(SHORT)
    chat.page.get_by_role("button", name=SHORT).last.click()
    chat.expect_ended()
    expect(chat.title).to_contain_text("<img src=x")
    expect(chat.item(chat.conversation)).to_contain_text("<img src=x")
    expect(chat.reply.locator('[data-part="persona"]')).to_have_text(SHORT)
    expect_harmless(chat.page.locator("#messages"))
    expect_harmless(chat.page.locator("conversation-list"))
    chat.reload()
    expect(chat.title).to_contain_text("<img src=x")
    expect_harmless(chat.page.locator("#thread-header"))
    expect_harmless(chat.page.locator("#messages"))


def test_a_hostile_title_is_text_in_the_administration(sign_in, make_persona):
    slug = make_persona(SHORT, instructions=HOSTILE, greeting=HOSTILE)
    staff = sign_in("root", fields={"is_staff": True, "is_superuser": True})
    staff.talk((HOSTILE, HOSTILE), persona=slug, title=f"A secret {SHORT}")
    page = staff.visit("/admin/conversations/persona/?o=-1")
    expect(page.get_by_role("link", name=SHORT).first).to_be_visible()
    page.get_by_role("link", name=SHORT).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("<img src=x")
    page.goto("/admin/conversations/conversation/")
    expect(page.locator("#changelist")).to_contain_text(staff.username)
    expect(page.locator("#changelist")).not_to_contain_text("A secret")


INJECTED = "img[src='x'], img[src^='http'], #injected, iframe, [onerror], [onload]"


def exported(pk, role, parent, children):
    """Return a message as ChatGPT exports it, hostile wherever it has words."""
    content = {"content_type": "text", "parts": [HOSTILE]}
    message = {"id": pk, "author": {"role": role, "name": SHORT}, "content": content}
    message["metadata"] = {"model_slug": SHORT}
    return {"id": pk, "parent": parent, "children": children, "message": message}


def test_hostile_folders_prompts_links_and_searches_are_text(sign_in, database):
    person = sign_in("alice", fields={"first_name": SHORT, "last_name": SHORT[:40]})
    folder = database.add_folder(person.username, SHORT)
    database.add_snippet(person.username, "<b id=injected>x</b>", HOSTILE)
    talk = person.talk(title=SHORT)
    link = database.share(talk, shows_author=True)
    page = person.visit("/conversations/")
    for path in (
        f"/conversations/?folder={folder}",
        "/folders/",
        f"/folders/{folder}/rename/",
        f"/c/{talk}/move/",
        f"/c/{talk}/print/",
        "/prompts/",
        "/shares/",
        link,
        f"{link}continue/",
        f"/search/?q={quote(SHORT)}",
        "/search/?q=script",  # what stands before it is in one piece
        "/settings/",
    ):
        page.goto(path)
        expect(page.get_by_text("<").first).to_be_attached()
        expect(page.locator(INJECTED)).to_have_count(0)


def test_a_hostile_file_comes_in_as_text(alice):
    page = alice.visit("/transfers/")
    messages = [exported("a", "user", None, ["b"]), exported("b", "assistant", "a", [])]
    conversation = {"title": SHORT, "current_node": "b", "id": "1"}
    conversation["mapping"] = {message["id"]: message for message in messages}
    file = {"name": f"{SHORT[:28]}.json", "mimeType": "application/json"}
    file["buffer"] = json.dumps([conversation]).encode()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    expect(page.locator(".transfer[data-state=done]")).to_have_count(1)
    expect(page.locator(INJECTED)).to_have_count(0)
    page.goto("/conversations/")
    page.get_by_role("link", name="<img src=x").first.click()
    expect(page.get_by_text("<script>").first).to_be_attached()
    expect(page.locator(INJECTED)).to_have_count(0)


def test_the_scripts_of_the_administration_make_plain_elements_only(sign_in):
    admin = sign_in("root", fields={"is_staff": True, "is_superuser": True})
    page = admin.visit("/admin/conversations/provider/add/")
    row = page.locator(".inline-related:not(.empty-form)")
    expect(row).to_have_count(0)
    page.locator(".add-row a").click()  # Django's own, by jQuery
    expect(row).to_have_count(1)
    made = """(innerHTML) =>
      Object.assign(document.createElement("div"), { innerHTML }).innerHTML"""
    text = '<p class="k" onclick="alert(1)">kept</p>'
    text += '<a href="//evil.example/">away</a><a href="/admin/">here</a>'
    kept = page.evaluate(made, text + HOSTILE)
    assert '<p class="k">kept</p><a>away</a><a href="/admin/">here</a>' in kept
    assert not re.search(
        r"<(script|img|svg|iframe|style)|\son\w+=|=.?javascript:", kept
    )


def test_the_policy_would_stop_what_slips_through(visitor):
    """The alarm itself works: the browser refuses a script that stands in the page."""
    stranger = visitor()
    page = stranger.visit()
    page.evaluate(SLIPS_THROUGH)
    with page.expect_event("console"):
        page.evaluate("console.log('after')")
    stopped = [alarm.split()[0] for alarm in stranger.alarms]
    assert stopped == ["require-trusted-types-for", "style-src-elem"]
    stranger.alarms.clear()
