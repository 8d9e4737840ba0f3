"""Tasks that belong to this process, whoever asked for them."""

import asyncio
import contextvars

_tasks = set()  # the loop itself keeps only weak references


def spawn(coroutine):
    """Run `coroutine` apart from whoever asked for it, in a context of its own."""
    task = asyncio.get_running_loop().create_task(
        coroutine, context=contextvars.Context()
    )
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
    return task


class Runs:
    """The tasks that write replies, from their claim to their last save."""

    def __init__(self):
        self.reset()

    def reset(self):
        self._tasks = set()
        self.are_welcome = False

    def begin(self, coroutine):
        """Run `coroutine` and return True, unless this process is about to end."""
        if not self.are_welcome:
            coroutine.close()
            return False
        task = spawn(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def wait(self, seconds):
        """Wait so long at most for all of them; return whether they are over."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        return not self._tasks


runs = Runs()
