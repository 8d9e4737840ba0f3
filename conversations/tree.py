"""Walks over a conversation's messages as a tree. It never queries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Siblings:
    """The place of a message among the versions of its turn, counted from 1."""

    position: int
    count: int
    previous_id: int | None
    next_id: int | None


class Tree:
    """The shape of a conversation.

    `pairs` are `(pk, parent pk or None)` in order of pk; a parent's pk is less than
    its child's.
    """

    def __init__(self, pairs):
        self._parents = dict(pairs)
        self._children = {}
        for pk, parent in self._parents.items():
            self._children.setdefault(parent, []).append(pk)

    def add(self, pk, parent):
        """Put one more message after all others."""
        self._parents[pk] = parent
        self._children.setdefault(parent, []).append(pk)

    def children(self, pk):
        """Return the pks of the messages right after `pk`."""
        return self._children.get(pk, [])

    def branch(self, head):
        """Return the pks from the root to `head`; [] when there is no such message."""
        found = []
        while head in self._parents:
            found.append(head)
            head = self._parents[head]
        return found[::-1]

    def version_on(self, head, pk):
        """Return which version of the turn of `pk` the branch to `head` takes.

        None when the branch does not come by that turn.
        """
        parent = self._parents[pk]
        branch = self.branch(head)
        return next((m for m in branch if self._parents[m] == parent), None)

    def versions(self, pk):
        """Return the versions of the turn of `pk`, and it; [] if it is not here."""
        return self._children[self._parents[pk]] if pk in self._parents else []

    def leaf_through(self, pk, *, head, leaves):
        """Return the end of the branch to show for `pk`: where it was left last.

        That is `head` if it stands on that branch; else what `leaves`, message id by
        version id as a string, knows of `pk` or of what it follows, and of the newest
        children from there on.
        """
        branch = self.branch(pk)
        for left in (head, *(leaves.get(str(m)) for m in reversed(branch))):
            if pk in self.branch(left):
                return self.newest_leaf(left)
        return self.newest_leaf(pk)

    def newest_leaf(self, pk):
        """Return the end of the branch one gets by always taking the newest child."""
        while children := self.children(pk):
            pk = children[-1]
        return pk

    def siblings(self, pk):
        """Return the Siblings of `pk`, None when it is the only version."""
        versions = self._children[self._parents[pk]]
        if len(versions) == 1:
            return None
        at = versions.index(pk)
        return Siblings(
            position=at + 1,
            count=len(versions),
            previous_id=versions[at - 1] if at else None,
            next_id=versions[at + 1] if at + 1 < len(versions) else None,
        )
