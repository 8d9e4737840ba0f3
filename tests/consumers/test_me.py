"""The list in every tab follows what is done in one of them."""

from datetime import UTC, datetime, timedelta

from channels.db import database_sync_to_async
from django.utils import timezone

from conversations.actions import bin
from conversations.actions.changes import take_back
from conversations.actions.conversations import (
    archive_conversations,
    mark_unread,
    move_conversations,
    pin_conversations,
    rename_conversation,
    unpin_conversations,
)
from conversations.actions.folders import create_folder, remove_folder
from conversations.actions.notices import save_notice
from conversations.models import Conversation, Folder, Notice

done = database_sync_to_async


def rows(*conversations):
    return Conversation.objects.filter(pk__in=[c.pk for c in conversations])


async def list_of(people, user):
    """Open a tab of that person; return it once its list is followed."""
    tab = await people.list_tab(user)
    await tab.send("list.sync", since=2**32)
    await tab.until("folders.known")
    return tab


async def test_a_new_title_is_shown_in_the_list_and_over_the_thread(people):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    listed = await list_of(people, people.alice)
    page = await people.tab(people.alice, conversation.pk)
    await page.let_in()
    await done(rename_conversation)(conversation=conversation, title="Better <now>")
    assert "Better &lt;now&gt;" in (await listed.until("conversation.changed"))["item"]
    changed = await page.until("conversation.changed")
    assert changed["title"] == "Better <now>"
    assert "Better &lt;now&gt;" in changed["header"]


async def test_each_change_tells_where_it_stands_now(people):
    conversation = await people.conversation(people.alice)
    folder = await done(create_folder)(user=people.alice, name="Work")
    listed = await list_of(people, people.alice)
    for action, arguments, group in [
        (pin_conversations, {}, "pinned"),
        (unpin_conversations, {}, "today"),
        (move_conversations, {"folder": folder}, f"folder-{folder.pk}"),
    ]:
        await done(action)(rows=rows(conversation), **arguments)
        frame = await listed.until("conversation.changed")
        assert frame["group"] == group
        assert f'data-in="{group}"' in frame["item"]


async def test_what_is_old_goes_back_to_its_own_day(people):
    conversation = await people.conversation(people.alice)
    long_ago = datetime(2024, 3, 5, tzinfo=UTC)
    await done(rows(conversation).update)(updated_at=long_ago, pinned_at=long_ago)
    listed = await list_of(people, people.alice)
    await done(unpin_conversations)(rows=rows(conversation))
    frame = await listed.until("conversation.changed")
    assert frame["group"] == "2024-03"
    assert 'data-label="March 2024"' in frame["item"]


async def test_several_at_once_are_told_at_once_and_so_is_undo(people):
    both = [await people.conversation(people.alice) for _ in range(2)]
    listed = await list_of(people, people.alice)
    removed = await done(bin.remove_conversations)(rows=rows(*both))
    frames = [await listed.next() for _ in both]
    assert {f["type"] for f in frames} == {"conversation.removed"}
    assert {f["conversation"] for f in frames} == {str(c.pk) for c in both}
    await done(take_back)(user=people.alice, token=removed.token)
    frames = [await listed.next() for _ in both]
    assert {f["type"] for f in frames} == {"conversation.changed"}


async def test_nobody_else_is_told(people):
    conversation = await people.conversation(people.alice)
    other = await list_of(people, people.bob)
    await done(archive_conversations)(rows=rows(conversation))
    assert await other.hears_nothing()


async def test_a_page_whose_conversation_goes_into_the_bin_is_closed(people):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    page = await people.tab(people.alice, conversation.pk)
    await page.let_in()
    await done(bin.remove_conversations)(rows=rows(conversation))
    assert await page.until_closed() == 4404


async def test_so_is_that_of_a_temporary_chat_whose_time_is_over(people):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    page = await people.tab(people.alice, conversation.pk)
    await page.let_in()
    await done(rows(conversation).update)(expires_at=timezone.now())
    await done(bin.delete_due)()
    assert await page.until_closed() == 4404


async def test_folders_are_fetched_anew_when_they_change(people):
    listed = await list_of(people, people.alice)
    folder = await done(create_folder)(user=people.alice, name="Work")
    assert (await listed.next())["type"] == "folders.changed"
    await done(remove_folder)(folder=folder)
    assert (await listed.next())["type"] == "folders.changed"


async def test_a_tab_that_was_away_hears_of_all_it_missed(people):
    kept, gone, marked = [await people.conversation(people.alice) for _ in range(3)]
    old = timezone.now() - timedelta(days=9)
    await done(Conversation.objects.update)(updated_at=old)
    since = int(timezone.now().timestamp()) - 1
    await done(rename_conversation)(conversation=kept, title="Renamed meanwhile")
    await done(archive_conversations)(rows=rows(gone))
    await done(mark_unread)(conversation=marked)
    await done(Folder.objects.create)(owner=people.alice, name="Made meanwhile")
    listed = await people.list_tab(people.alice)
    await listed.send("list.sync", since=since)
    known = await listed.until("folders.known")
    assert known["version"].startswith("1.")
    by_id = {f["conversation"]: f for f in listed.frames if "conversation" in f}
    assert "Renamed meanwhile" in by_id[str(kept.pk)]["item"]
    assert by_id[str(gone.pk)]["type"] == "conversation.removed"
    assert "list-item--unread" in by_id[str(marked.pk)]["item"]


async def test_a_temporary_chat_is_not_listed(people):
    conversation = await people.conversation(people.alice)
    later = timezone.now() + timedelta(hours=1)
    await done(rows(conversation).update)(expires_at=later)
    listed = await list_of(people, people.alice)
    await done(rename_conversation)(conversation=conversation, title="Hush")
    assert (await listed.next())["type"] == "conversation.removed"


async def test_a_notice_is_told_to_every_tab(people):
    tabs = [await list_of(people, user) for user in (people.alice, people.bob)]
    notice = Notice(text="Soon.")
    await done(save_notice)(notice=notice, groups=[])
    for tab in tabs:
        assert await tab.until("notices.changed")
    late = await list_of(people, people.alice)
    known = late.of_type("notices.known")[0]["version"]
    assert known.startswith(f"{notice.pk}-")
    notice.text = "Now."
    await done(notice.save)()
    await late.send("list.sync", since=2**32)
    assert (await late.until("notices.known"))["version"] not in ("", known)
