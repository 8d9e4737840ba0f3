"""Trees of other sites, put in the order of ours."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.transfer import trees
from conversations.transfer.entries import ASSISTANT, USER, Skipped, Turn
from conversations.transfer.limits import Limits


def node(key, parent=None, role=USER, text=None, **fields):
    words = f"{key}." if text is None else text
    return key, parent, Turn("", None, role, words, **fields)


def said(key, parent=None, text=None, **fields):
    return node(key, parent, ASSISTANT, text, **fields)


def hidden(key, parent=None):
    return key, parent, None


def arrange(*nodes, head=None, **limits):
    return trees.arrange(list(nodes), head, Limits(**limits))


def told(turns):
    """Return `(text of the parent, role, text)` of each turn."""
    texts = {turn.id: turn.text for turn in turns}
    return [(texts.get(turn.parent), turn.role, turn.text) for turn in turns]


def test_what_follows_a_hidden_node_follows_what_was_before():
    turns, head = arrange(
        hidden("root"),
        hidden("system", "root"),
        node("q", "system"),
        hidden("tool", "q"),
        hidden("tool 2", "tool"),
        said("a", "tool 2"),
        head="a",
    )
    assert told(turns) == [(None, USER, "q."), ("q.", ASSISTANT, "a.")]
    assert head == "a"


def test_replies_in_a_row_are_one():
    turns, head = arrange(
        node("q"),
        said("a", "q", reasoning="Hm.", reasoning_seconds=2.0),
        hidden("tool", "a"),
        said("b", "tool", reasoning="So.", reasoning_seconds=1.0, model="m"),
        head="b",
    )
    assert told(turns) == [(None, USER, "q."), ("q.", ASSISTANT, "a.\n\nb.")]
    assert (turns[1].reasoning, turns[1].reasoning_seconds) == ("Hm.\n\nSo.", 3)
    assert (turns[1].model, head) == ("m", "b")


def test_a_row_of_replies_that_forks_is_a_reply_for_each_end():
    turns, _ = arrange(
        node("q"),
        said("a", "q"),
        said("b", "a"),
        said("c", "a"),
        node("q2", "b"),
        said("d", "q2"),
    )
    assert told(turns)[1:] == [
        ("q.", ASSISTANT, "a.\n\nb."),
        ("q.", ASSISTANT, "a.\n\nc."),
        ("a.\n\nb.", USER, "q2."),
        ("q2.", ASSISTANT, "d."),
    ]


def test_the_head_within_a_row_of_replies_is_their_end():
    assert arrange(node("q"), said("a", "q"), said("b", "a"), head="a")[1] == "b"


def test_a_question_nobody_answered_has_a_reply_that_was_stopped():
    turns, head = arrange(node("q"), said("a", "q"), node("q2", "a"), head="q2")
    assert told(turns)[2:] == [("a.", USER, "q2."), ("q2.", ASSISTANT, "")]
    assert (turns[-1].state, turns[-1].id) == ("stopped", head)


def test_a_question_after_a_question():
    turns, head = arrange(node("q"), node("q2", "q"), said("a", "q2"), head="a")
    assert [turn.role for turn in turns] == [USER, ASSISTANT, USER, ASSISTANT]
    assert all(after.parent == before.id for before, after in pairwise(turns))
    assert head == "a"


def test_what_begins_with_a_reply_follows_a_line_that_says_so():
    turns, _ = arrange(said("hello"), node("q", "hello"), said("a", "q"))
    assert told(turns)[:2] == [
        (None, USER, "(This conversation began with a reply.)"),
        ("(This conversation began with a reply.)", ASSISTANT, "hello."),
    ]


def test_parents_that_are_not_there_begin_anew():
    turns, _ = arrange(node("q", "gone"), said("a", "q"))
    assert turns[0].parent is None


def test_nodes_in_any_order_keep_the_order_of_siblings():
    turns, _ = arrange(
        said("b", "q"), said("a2", "q2"), said("c", "q"), node("q2", "b"), node("q")
    )
    assert told(turns) == [
        (None, USER, "q."),
        ("q.", ASSISTANT, "b."),
        ("b.", USER, "q2."),
        ("q2.", ASSISTANT, "a2."),
        ("q.", ASSISTANT, "c."),
    ]


def test_a_circle_is_cut():
    turns, _ = arrange(node("q", "b"), said("a", "q"), node("q2", "a"), said("b", "q2"))
    assert len(turns) == 4
    assert turns[0].parent is None


def test_without_a_head_it_was_left_at_the_newest_reply():
    at = [datetime(2025, 1, day, tzinfo=UTC) for day in (3, 2, 1)]
    replies = [said(str(n), "q", created_at=at[n]) for n in range(3)]
    assert arrange(node("q"), *replies)[1] == "0"
    assert arrange(node("q"), said("a", "q"), said("b", "q"))[1] == "b"
    assert arrange(node("q"), said("a", "q"), head="nowhere")[1] == "a"


def test_ids_that_look_like_ours_or_come_twice():
    turns, _ = arrange(node("q"), node("reply to q", "q"), node("q", "reply to q"))
    assert len({turn.id for turn in turns}) == len(turns) == 4


def test_thousands_of_turns_deep():
    count = 20_000
    row = [node("0")] + [
        (said if at % 2 else node)(str(at), str(at - 1)) for at in range(1, count)
    ]
    turns, head = arrange(*reversed(row), head=str(count - 1), messages=count)
    assert len(turns) == count
    assert head == str(count - 1)


@pytest.mark.parametrize(
    ("nodes", "limits", "why"),
    [
        ([hidden("a")], {}, "There are no messages in it."),
        ([], {}, "There are no messages in it."),
        (
            [node("q", text="x" * 11)],
            {"message_characters": 10},
            "A message in it is longer than 10 characters.",
        ),
        (
            [node("q"), said("a", "q", reasoning="x" * 11)],
            {"message_characters": 10},
            "A message in it is longer than 10 characters.",
        ),
        ([node("q"), node("r")], {"messages": 3}, "It has more than 3 messages."),
        (
            [hidden(str(n)) for n in range(11)],
            {"messages": 1},
            "It has more than 1 messages.",
        ),
        ([node("q")], {"conversation_characters": 1}, "It is too large."),
    ],
)
def test_why_it_is_left_out(nodes, limits, why):
    with pytest.raises(Skipped, match=f"^{why}$"):
        arrange(*nodes, **limits)


def test_rows_of_replies_that_fork_again_and_again_do_not_blow_up():
    """Each of 3,000 replies ends a row, and begins with all before it."""
    nodes = [node("q"), said("0", "q")]
    for at in range(1, 3000):
        nodes += [said(str(at), str(at - 1), "x" * 100), node(f"q{at}", str(at))]
    with pytest.raises(Skipped, match="too large"):
        arrange(*nodes)


@given(st.data())
def test_any_tree_becomes_questions_and_replies(data):
    keys = data.draw(st.lists(st.integers(0, 12), min_size=1, max_size=25))
    make = st.sampled_from([node, said, hidden])
    parents = st.none() | st.integers(0, 12)
    nodes = [data.draw(make)(key, data.draw(parents)) for key in keys]
    nodes.append(node("last", data.draw(parents)))
    turns, head = arrange(*nodes, head=data.draw(st.none() | st.sampled_from(keys)))
    shown = {key: turn for key, _, turn in reversed(nodes)}
    words = "".join(turn.text for turn in turns)
    assert all(turn.text in words for turn in shown.values() if turn)
    roles = {None: ASSISTANT}
    for turn in turns:
        assert turn.role != roles[turn.parent]
        roles[turn.id] = turn.role
    assert roles[head] == ASSISTANT
    assert {t.parent for t in turns if t.role == ASSISTANT} == {
        t.id for t in turns if t.role == USER
    }
