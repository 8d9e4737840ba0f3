from channels.db import database_sync_to_async

from conversations.models import SiteSettings
from tests.factors import add_app


@database_sync_to_async
def require_factor(of):
    SiteSettings(second_factor=of).save()


async def test_a_socket_does_not_open_without_the_second_factor_that_is_required(
    people,
):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    await require_factor("everyone")
    tab = await people.tab(people.alice, conversation.pk)
    assert await tab.until_closed() == 4401
    beside = await people.list_tab(people.alice)
    assert await beside.until_closed() == 4401


async def test_with_one_it_opens(people):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    await require_factor("everyone")
    await database_sync_to_async(add_app)(people.alice)
    tab = await people.tab(people.alice, conversation.pk)
    await tab.say("More", parent=conversation.head_id)
    await tab.until("message.accepted")


async def test_what_staff_need_others_do_not(people):
    conversation = await people.conversation(people.alice, ("Hi", "Hello."))
    await require_factor("staff")
    tab = await people.tab(people.alice, conversation.pk)
    await tab.say("More", parent=conversation.head_id)
    await tab.until("message.accepted")
