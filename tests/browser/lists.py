"""The list beside a conversation, as one uses it."""

from playwright.sync_api import expect


class List:
    def __init__(self, chat):
        self.chat, self.page = chat, chat.page
        self.menu = chat.page.locator("#item-menu")
        self.told = chat.page.locator("#told")
        self.pinned = chat.list.locator('[data-group="pinned"]')
        self.names = chat.list.locator(".list-folder__name")
        self.bar = chat.page.locator("#list-bulk")

    def folder(self, pk):
        return self.page.locator(f"#folder-{pk}")

    def open_menu(self, conversation):
        """Open the menu of an item."""
        item = self.chat.item(conversation)
        item.hover()
        item.get_by_role("button", name="Menu").click()
        expect(self.menu.get_by_role("button").first).to_be_visible()

    def choose(self, conversation, verb):
        self.open_menu(conversation)
        self.menu.get_by_role("button", name=verb, exact=True).click()

    def choose_of_folder(self, pk, verb):
        self.folder(pk).hover()
        self.folder(pk).get_by_role("button", name="Menu").click()
        self.menu.get_by_text(verb, exact=True).click()

    def choose_of_list(self, verb):
        self.page.get_by_role("button", name="What you can do with the list").click()
        self.page.locator("#list-menu").get_by_text(verb, exact=True).click()

    def unfold(self, pk):
        self.folder(pk).locator("summary").click()

    def await_drags(self):
        """What listens to them is fetched as the mouse comes near."""
        self.chat.list.hover()
        expect(self.chat.list).to_have_attribute("data-drags", "")

    def tick(self, conversation, **options):
        self.chat.item(conversation).get_by_role("checkbox").click(**options)

    def undo(self):
        self.told.get_by_role("button", name="Undo").click()
        expect(self.told).to_be_empty()

    def titles(self):
        return self.chat.list.locator(".list-item__title").all_inner_texts()


def open_list(person, conversation=None):
    """Open a page of that person; return the Chat and its List."""
    chat = person.open(conversation) if conversation else person.begin()
    return chat, List(chat)
