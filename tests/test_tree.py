from conversations.tree import Siblings, Tree

#   1 ─ 2 ─ 3 ─ 4
#         └ 5 ─ 6 ─ 8
#       └ 7
TREE = Tree([(1, None), (2, 1), (3, 2), (4, 3), (5, 2), (6, 5), (7, 1), (8, 6)])


def test_branch_runs_from_the_root_to_the_head():
    assert TREE.branch(4) == [1, 2, 3, 4]
    assert TREE.branch(8) == [1, 2, 5, 6, 8]


def test_branch_of_nothing_is_empty():
    assert TREE.branch(None) == []
    assert TREE.branch(99) == []


def test_newest_leaf_takes_the_newest_child_each_time():
    assert TREE.newest_leaf(2) == 8
    assert TREE.newest_leaf(3) == 4
    assert TREE.newest_leaf(1) == 7


def test_siblings_know_their_place():
    assert TREE.siblings(3) == Siblings(1, 2, None, 5)
    assert TREE.siblings(5) == Siblings(2, 2, 3, None)


def test_only_version_has_no_siblings():
    assert TREE.siblings(4) is None
    assert TREE.siblings(1) is None


def test_two_first_messages_are_siblings():
    assert Tree([(1, None), (2, None)]).siblings(2) == Siblings(2, 2, 1, None)
