"""The list of conversations beside the one that is open."""

from datetime import timedelta

from playwright.sync_api import expect

from .lists import open_list

UNREAD = "list-item--unread"


def test_the_conversations_are_grouped_by_day(alice, database):
    database.add_conversations(alice.username, 6, every=timedelta(days=1))
    chat = alice.begin()
    groups = chat.list.get_by_role("heading")
    expect(groups.first).to_have_text("Today")
    expect(groups.nth(1)).to_have_text("Yesterday")
    expect(groups.nth(2)).to_have_text("This week")
    expect(chat.list.get_by_role("listitem")).to_have_count(6)


def test_the_list_goes_on_as_one_scrolls(alice, database):
    database.add_conversations(alice.username, 120)
    chat = alice.begin()
    items = chat.list.get_by_role("listitem")
    expect(items.first).to_contain_text("Talk 0")
    assert items.count() < 120
    end = chat.list.locator("a[rel=next]")
    while items.count() < 120:
        count = items.count()
        end.evaluate("link => link.scrollIntoView()")
        expect(items.nth(count)).to_be_attached()
    titles = [title.split("\n")[0] for title in items.all_inner_texts()]
    assert titles == [f"Talk {number}" for number in range(120)]
    expect(chat.list.locator("a[rel=next]")).to_have_count(0)
    labels = chat.list.get_by_role("heading").all_inner_texts()
    assert len(labels) == len(set(labels))


def test_the_open_conversation_is_marked(alice):
    first, second = alice.talk(title="The first"), alice.talk(title="The second")
    chat = alice.open(first)
    current = chat.list.locator("[aria-current=page]")
    expect(current).to_have_count(1)
    expect(current).to_contain_text("The first")
    chat.item(second).get_by_role("link").click()
    expect(chat.title).to_have_text("The second")
    expect(current).to_contain_text("The second")


def test_a_reply_nobody_saw_has_a_dot_until_it_is_seen(alice, provider):
    hold = provider.hold()
    provider.reply_pieces(["Nobody ", hold, "looks."])
    reading = alice.open(alice.talk(title="What I read"))
    chat = alice.begin()
    chat.send("Answer behind my back")
    expect(chat.body()).to_have_text("Nobody")
    conversation = chat.conversation
    chat.page.close()
    item = reading.item(conversation)
    expect(item).not_to_contain_class(UNREAD)
    hold.release()
    expect(item).to_contain_class(UNREAD)
    reading.reload()
    expect(item).to_contain_class(UNREAD)
    alice.open(conversation)
    expect(item).not_to_contain_class(UNREAD)
    reading.reload()
    expect(item).not_to_contain_class(UNREAD)


def test_a_reply_one_watches_has_no_dot(alice, provider):
    elsewhere = alice.open(alice.talk())
    chat = alice.begin()
    chat.ask("I am looking")
    item = elsewhere.item(chat.conversation)
    expect(item).to_be_visible()
    expect(item).not_to_contain_class(UNREAD)


def test_a_conversation_comes_to_the_top_when_it_goes_on(alice):
    old = alice.talk(title="The old one")
    new = alice.talk(title="The new one")
    watching, chat = alice.open(new), alice.open(old)
    expect(watching.list.get_by_role("listitem").first).to_contain_text("The new one")
    chat.ask("Are you still there?")
    expect(watching.list.get_by_role("listitem").first).to_contain_text("The old one")
    expect(watching.list.get_by_role("listitem")).to_have_count(2)


def test_the_list_folds_away_and_stays_so(alice):
    chat = alice.begin()
    expect(chat.list).to_be_visible()
    chat.page.get_by_role("button", name="Hide the list").click()
    expect(chat.list).not_to_be_in_viewport()
    chat.reload()
    expect(chat.list).not_to_be_in_viewport()
    chat.page.get_by_role("button", name="Show the list").click()
    expect(chat.list).to_be_in_viewport()


def test_the_row_of_the_open_conversation_loses_its_dot_when_looked_at(alice):
    chat = alice.open(alice.talk())
    item = chat.item(chat.conversation)
    item.evaluate("(item) => item.classList.add('list-item--unread')")
    chat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(item).not_to_contain_class("list-item--unread")


def test_the_server_is_told_the_time_zone(sign_in):
    person = sign_in("nora", timezone_id="Asia/Seoul")
    chat = person.begin()
    chat.page.wait_for_function("() => document.cookie.includes('time_zone')")
    cookies = {c["name"]: c["value"] for c in person.context.cookies()}
    assert cookies["time_zone"] == "Asia/Seoul"


def test_what_begins_between_the_page_and_its_socket_is_listed_too(alice):
    chat = alice.begin()
    page = alice.context.new_page()
    held = []
    page.route("**/js/app*.js", lambda route: held.append(route))
    with page.expect_request("**/js/app*.js"):
        page.goto("/", wait_until="commit")
    chat.ask("Was anybody listening?")
    held.pop().continue_()
    item = page.locator(f"#conversation-{chat.conversation}")
    expect(item).to_contain_text("Was anybody listening?")


def test_what_happens_while_the_connection_is_gone_is_listed_after_it(sign_in, proxy):
    alice = sign_in("alice", address=proxy.url)
    watching = alice.open(alice.talk(title="The old one"))
    watching.ask("Are we connected?")
    with watching.page.expect_event("websocket", lambda s: s.url.endswith("/ws/me/")):
        proxy.go_down()
        new = alice.talk(title="The new one")
        proxy.restore()
    expect(watching.item(new)).to_contain_text("The new one")
    expect(watching.list.get_by_role("listitem").first).to_contain_text("The new one")


def test_the_undo_key_takes_back_what_was_done_last(alice):
    beside, conversation = alice.talk(title="Beside"), alice.talk(title="Oh no")
    chat, listed = open_list(alice, conversation)
    page = chat.page
    page.get_by_role("button", name="What you can do with this conversation").click()
    page.locator("#thread-menu").get_by_role("button", name="Move to the bin").click()
    expect(page.get_by_text("Moved to the bin.")).to_be_visible()
    listed.choose(beside, "Archive")
    expect(listed.told).to_contain_text("Archived.")
    listed.told.get_by_role("button", name="Undo").press("Control+z")
    expect(chat.item(beside)).to_be_visible()
    expect(chat.item(conversation)).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(chat.item(conversation)).to_be_visible()


def test_a_mouse_drags_after_a_finger_has_touched(sign_in):
    alice = sign_in("alice", has_touch=True)
    alice.talk(title="Dragged")
    chat, listed = open_list(alice)
    chat.list.get_by_role("heading", name="Today").tap()
    listed.await_drags()
