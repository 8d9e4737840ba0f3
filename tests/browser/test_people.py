"""Two people in one conversation, each at a browser of their own."""

from playwright.sync_api import expect

from .lists import List
from .test_accessibility import PHONE, violations

# What a screen reader says from now on is in `said`.
# `endAgain()`: a page that asks at that moment is told the end of a reply twice.
LISTEN = """() => {
  const thread = document.querySelector("chat-thread");
  const receive = thread.received.bind(thread);
  let end;
  thread.received = (frame) => {
    if (frame.type === "reply.ended") end = frame;
    receive(frame);
  };
  const frame = () => new Promise(requestAnimationFrame);
  globalThis.endAgain = async () => {
    receive(end);
    await frame();
    await frame();
  };
  const announcer = document.getElementById("announcer");
  globalThis.said = [];
  new MutationObserver(() => said.push(announcer.textContent)).observe(announcer, {
    childList: true,
  });
}"""


def test_two_people_write_together_until_one_is_removed(alice, bob, provider):
    provider.reply("To bob.")
    conversation = alice.talk(title="What we plan")
    waiting = bob.begin()
    alices = alice.open(conversation)
    _invite(alices, bob)
    item = waiting.item(conversation)
    expect(item).to_contain_text("invitation")
    item.get_by_role("link").click()
    waiting.page.get_by_role("button", name="Join").wait_for()
    assert violations(waiting.page) == []
    waiting.page.get_by_role("button", name="Join").click()
    bobs = waiting
    expect(bobs.title).to_have_text("What we plan")
    expect(bobs.question.locator("h2")).to_have_text(alice.username)
    expect(bobs.button("Edit this message", bobs.question)).to_have_count(0)
    alices = alice.open(conversation)
    alices.await_connection()
    alices.page.evaluate(LISTEN)
    bobs.ask("I am bob")
    expect(alices.question.locator("h2")).to_have_text(bob.username)
    expect(alices.body()).to_have_text("To bob.")
    expect(alices.page.locator("#announcer")).to_have_text("Assistant replied: To bob.")
    alices.page.evaluate("endAgain()")
    said = [f"{bob.username}: I am bob", "Assistant replied: To bob."]
    assert alices.page.evaluate("said") == said
    expect(bobs.body(bobs.question)).to_have_text("I am bob")
    expect(bobs.questions).to_have_count(2)
    assert violations(bobs.page) == []
    _pin(bobs)
    expect(bobs.item(conversation)).to_have_attribute("data-in", "pinned")
    expect(alices.item(conversation)).not_to_have_attribute("data-in", "pinned")
    alices.page.get_by_role("link", name="Who takes part").click()
    alices.page.get_by_label("User name").wait_for()
    assert violations(alices.page) == []
    alices.page.get_by_role("link", name=f"Remove {bob.username}").click()
    alices.page.get_by_role("button", name="Remove", exact=True).click()
    expect(bobs.notice).to_contain_text("not here any more")
    expect(bobs.item(conversation)).to_have_count(0)
    expect(alices.page.get_by_role("listitem", name=bob.username)).to_have_count(0)


def test_what_others_own_is_not_dragged(alice, bob, database):
    conversation = alice.talk(title="Of alice")
    own = bob.talk(title="Of bob")
    work = database.add_folder(bob.username, "Work")
    waiting = bob.begin()
    alices = alice.open(conversation)
    _invite(alices, bob)
    waiting.item(conversation).get_by_role("link").click()
    waiting.page.get_by_role("button", name="Join").click()
    expect(waiting.title).to_have_text("Of alice")
    listed = List(waiting)
    listed.await_drags()
    asked = []
    waiting.page.on("request", lambda r: r.method == "POST" and asked.append(r.url))
    folder = listed.folder(work).locator("summary")
    waiting.item(conversation).drag_to(folder)
    waiting.item(own).drag_to(folder)
    expect(listed.told).to_contain_text("Moved to “Work”.")
    assert len(asked) == 1
    assert database.folders_of(bob.username) == [("Work", ["Of bob"])]


def test_an_at_offers_who_replies_when_it_is_mentioned(sign_in, database):
    alice = sign_in("alice", viewport=PHONE, has_touch=True, is_mobile=True)
    conversation = alice.talk()
    mentioned = {"has_people": True, "replies_when": "mentioned"}
    database.change_conversation(conversation, **mentioned)
    chat = alice.open(conversation)
    keyboard = chat.page.keyboard
    offered = chat.page.get_by_role("option", name="Assistant")
    chat.box.focus()
    keyboard.type("Write to me@")
    expect(offered).to_be_hidden()
    keyboard.type(" or @as")
    expect(offered).to_be_visible()
    expect(chat.page.locator("#announcer")).to_contain_text("when it is mentioned")
    assert violations(chat.page) == []
    chat.box.press("Escape")
    expect(offered).to_be_hidden()
    keyboard.type(", 请问@")
    offered.tap()
    expect(chat.box).to_have_value("Write to me@ or @as, 请问@Assistant ")
    expect(chat.box).to_be_focused()
    keyboard.type("@Assist")
    expect(offered).to_be_visible()
    chat.box.press("Enter")
    expect(chat.box).to_have_value("Write to me@ or @as, 请问@Assistant @Assistant ")
    chat.send_button.tap()
    expect(chat.replies).to_have_count(2)


def _menu(chat):
    """Open the menu of the open conversation; return it."""
    button = "What you can do with this conversation"
    chat.page.get_by_role("button", name=button).click()
    return chat.page.locator("#thread-menu")


def _pin(chat):
    _menu(chat).get_by_role("button", name="Pin").click()


def _invite(chat, person):
    """Ask `person` to take part, from the menu of the open conversation."""
    _menu(chat).get_by_role("link", name="People").click()
    chat.page.get_by_label("User name").fill(person.username)
    chat.page.get_by_role("button", name="Invite").click()
    notices = chat.page.locator(".notices")
    expect(notices).to_contain_text(f"{person.username} is invited")
    expect(notices).to_be_focused()
