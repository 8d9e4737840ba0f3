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
