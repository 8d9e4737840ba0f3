"""The channel layer of a site of one process, in its memory."""

import pytest
from channels.exceptions import ChannelFull

from conversations.layers.local import LocalChannelLayer


async def test_alone_a_full_channel_misses_what_its_neighbours_hear():
    layer = LocalChannelLayer(capacity=1)
    full, free = await layer.new_channel(), await layer.new_channel()
    for channel in (full, free):
        await layer.group_add("talk", channel)
    await layer.send(full, {"word": "first"})
    await layer.group_send("talk", {"word": "second"})
    with pytest.raises(ChannelFull):
        await layer.send(full, {"word": "third"})
    assert await layer.receive(full) == {"word": "first"}
    assert await layer.receive(free) == {"word": "second"}


async def test_a_channel_that_nobody_listens_to_is_forgotten():
    layer = LocalChannelLayer(expiry=-1)
    await layer.send(await layer.new_channel(), {"word": "too late"})
    await layer.group_send("talk", {"word": "to nobody"})
    assert layer.channels == {}
