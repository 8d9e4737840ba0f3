"""What the site tells people comes to pages that are open, and is put away there."""

from playwright.sync_api import expect


def test_a_notice_comes_to_an_open_page_and_goes(sign_in):
    reader = sign_in("alice", fields={"is_staff": True}).visit()
    box = reader.get_by_role("textbox", name="Message", exact=True)
    box.fill("Half a")
    reader.context.set_offline(True)  # nobody tells it: it has to ask
    boss = sign_in("bob", fields={"is_staff": True, "is_superuser": True})
    beside = boss.visit()
    page = boss.visit("/admin/conversations/notice/add/")
    page.get_by_label("Text", exact=True).fill("We *move* on Friday.")
    page.get_by_role("combobox", name="Who sees it").select_option("staff")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(beside.locator("site-notices .notice")).to_have_count(1)
    reader.context.set_offline(False)

    notice = reader.locator("site-notices .notice")
    expect(notice).to_have_text("We move on Friday.")
    reader.get_by_role("button", name="Put this notice away").click()
    expect(notice).to_have_count(0)
    expect(box).to_have_value("Half a")
    reader.reload()
    expect(reader.locator("site-notices")).to_have_count(1)
    expect(notice).to_have_count(0)

    page.get_by_role("link", name="We move on Friday.").last.click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Yes, I’m sure").click()
    expect(beside.locator("site-notices .notice")).to_have_count(0)


def test_on_a_low_screen_a_notice_leaves_room_to_read_and_to_write(sign_in, database):
    alice = sign_in("alice", viewport={"width": 320, "height": 256})
    text = "The site moves on Friday at ten. Whatever you write until then is kept."
    database.add_notice(alice.username, text)
    chat = alice.open(alice.talk())
    for width, height in ((320, 256), (667, 200), (844, 390)):
        chat.page.set_viewport_size({"width": width, "height": height})
        thread = chat.page.locator("chat-thread")
        assert thread.bounding_box()["height"] >= 100
        chat.body().scroll_into_view_if_needed()
        expect(chat.body()).to_be_in_viewport()
        chat.box.fill("A long thought. " * 100)
        chat.send_button.scroll_into_view_if_needed()
        expect(chat.send_button).to_be_in_viewport()
        assert chat.box.bounding_box()["height"] < height / 2
