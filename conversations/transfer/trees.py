"""The tree of a conversation, put in the order that this site keeps.

Here a question follows a reply, and a reply a question; each question has a reply, and
a reply comes from somewhere. Other sites show nodes that are nobody's words, and write
one reply in several. Nothing here calls itself: a tree may be as deep as it has nodes.
"""

from dataclasses import replace

from django.utils.translation import gettext as _

from conversations import rendering

from .entries import ASSISTANT, USER, Skipped, Turn

# A message is told in so many nodes at most, on an average.
_HIDDEN_PER_MESSAGE = 10
# What a part of a reply counts, beside its text, towards the size of a conversation.
_PART_SIZE = 64


def arrange(nodes, head, limits, *, has_people=False):
    """Return the Turns of `nodes`, parents first, and the id of the one left at.

    `nodes` are those of a Draft. What is not shown is left out and what followed it
    follows what was before; parents that are not there, and circles, begin anew.
    Replies in a row become one, for each way they end. Where several people write, a
    question may do without a reply. Raises Skipped when there is nothing to show, or
    more than `limits` allow.
    """
    if len(nodes) > _HIDDEN_PER_MESSAGE * limits.messages:
        raise _too_many(limits)
    shown, standing = _shown(_distinct(nodes))
    if not shown:
        raise Skipped(_("There are no messages in it."))
    arranged = _Arranged(shown, limits, has_people)
    return arranged.turns, arranged.leaf(standing.get(head))


def _distinct(nodes):
    found = {}
    for node, parent, turn in nodes:
        found.setdefault(node, (parent, turn))
    return found


def _shown(nodes):
    """Return the Turns that are shown, parents first, and where each node stands.

    That is by its id the id of the last Turn on the way to it, None before the first.
    """
    shown, standing = [], {}
    for node, walked_from in _walk(nodes):
        above = standing.get(walked_from)
        turn = nodes[node][1]
        if turn is not None:
            shown.append(replace(turn, id=node, parent=above))
            above = node
        standing[node] = above
    return shown, standing


def _walk(nodes):
    """Yield each node, after its parent, with that; siblings in their order.

    All are as they stand in the file, if there each comes after its parent; else what
    follows a node comes before its next sibling.
    """
    places = {node: place for place, node in enumerate(nodes)}
    if all(
        places.get(parent, -1) < places[node] for node, (parent, _) in nodes.items()
    ):
        yield from ((node, parent) for node, (parent, _turn) in nodes.items())
        return
    children, roots = {}, []
    for node, (parent, _turn) in nodes.items():
        if parent in nodes and parent != node:
            children.setdefault(parent, []).append(node)
        else:
            roots.append(node)
    walked = set()
    # What is in a circle, or hangs on one, is reached from no root.
    for start in [*roots, *nodes]:
        waiting = [(start, None)]
        while waiting:
            node, above = waiting.pop()
            if node not in walked:
                walked.add(node)
                yield node, above
                below = reversed(children.get(node, ()))
                waiting += [(child, node) for child in below]


class _Arranged:
    """Turns in which questions and replies take turns."""

    def __init__(self, shown, limits, has_people):
        self._limits, self._has_people = limits, has_people
        self._size = 0
        self.turns = []
        self._by_id = {turn.id: turn for turn in shown}
        self._children = {}
        for turn in shown:
            self._children.setdefault(turn.parent, []).append(turn)
        self._runs = {}  # of a reply: (the run before, itself)
        self._kept = {}  # by id, what became a Turn of ours
        self._missing = {}  # replies that are not there, by the id of their question
        for turn in shown:
            if turn.role == USER:
                self._ask(turn)
            else:
                self._reply(turn)

    def leaf(self, node):
        """Return the id of what was kept that stands at, or after, the node."""
        if node is None:
            replies = [turn for turn in self.turns if turn.role == ASSISTANT]
            return max(reversed(replies or self.turns), key=_at).id
        turn = self._by_id[node]
        while turn.id not in self._kept or self._needs_reply(turn):
            below = self._children.get(turn.id)
            if not below:
                return self._missing[turn.id]
            turn = below[-1]
        return turn.id

    def _needs_reply(self, turn):
        return turn.role == USER and not self._has_people

    def _ask(self, turn):
        above = self._by_id.get(turn.parent)
        parent = turn.parent
        if self._has_people:
            self._keep(turn, parent, turn.text)
            return
        if above is not None and above.role == USER:
            parent = self._missing[above.id]
        self._keep(turn, parent, turn.text)
        below = self._children.get(turn.id, ())
        if not below or any(child.role == USER for child in below):
            self._add_missing_reply(turn)

    def _reply(self, turn):
        above = self._by_id.get(turn.parent)
        is_going_on = above is not None and above.role == ASSISTANT
        before = self._runs[above.id] if is_going_on else None
        self._runs[turn.id] = before, turn
        below = self._children.get(turn.id, ())
        if below and all(child.role == ASSISTANT for child in below):
            return
        run = _unrolled(self._runs[turn.id])
        self._size += _PART_SIZE * len(run)
        parent = run[0].parent
        if parent is None:
            parent = self._missing_question()
        turn.created_at = run[0].created_at or turn.created_at
        turn.reasoning = _joined(part.reasoning for part in run)
        times = [part.reasoning_seconds for part in run if part.reasoning_seconds]
        turn.reasoning_seconds = sum(times) or None
        self._keep(turn, parent, _joined(part.text for part in run))

    def _keep(self, turn, parent, text):
        text, reasoning = rendering.clean(text), rendering.clean(turn.reasoning)
        kept = replace(turn, parent=parent, text=text, reasoning=reasoning)
        self._size += len(text) + len(reasoning)
        most = self._limits.message_characters
        if max(len(text), len(reasoning)) > most:
            raise Skipped(
                _("A message in it is longer than %(most)d characters.")
                % {"most": most}
            )
        if len(self.turns) >= self._limits.messages:
            raise _too_many(self._limits)
        if self._size > self._limits.conversation_characters:
            raise Skipped(_("It is too large."))
        self.turns.append(kept)
        self._kept[kept.id] = kept

    def _add_missing_reply(self, turn):
        """A question that nobody answered has a reply that was stopped at once."""
        reply = Turn(
            ("reply to", turn.id),
            turn.id,
            ASSISTANT,
            "",
            state="stopped",
            created_at=turn.created_at,
        )
        self._missing[turn.id] = reply.id
        self._keep(reply, turn.id, "")

    def _missing_question(self):
        """What begins with a reply follows a line that says so."""
        node = ("question",)
        if node not in self._kept:
            words = _("(This conversation began with a reply.)")
            self._keep(Turn(node, None, USER, words), None, words)
        return node


def _too_many(limits):
    return Skipped(_("It has more than %(most)d messages.") % {"most": limits.messages})


def _unrolled(run):
    found = []
    while run is not None:
        run, turn = run
        found.append(turn)
    return found[::-1]


def _joined(texts):
    return "\n\n".join(text for text in texts if text)


def _at(turn):
    return turn.created_at.timestamp() if turn.created_at else 0.0
