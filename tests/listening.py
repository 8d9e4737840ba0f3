"""How a server of the tests ends."""

import asyncio


async def end(server):
    """Close it, once whoever was just being let in is in.

    asyncio (3.11) would break off half-way, and leave their connection open.
    """
    loop = asyncio.get_running_loop()
    for listener in server.sockets:
        loop.remove_reader(listener)
    await asyncio.sleep(0)
    server.close()
