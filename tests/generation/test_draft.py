from conversations.generation.draft import REASONING, TEXT, Draft
from conversations.rendering import apply_ops


def draft_of(*pieces, **options):
    """A draft that took a frame after each piece."""
    draft = Draft(message_id=7, conversation_id="c", **options)
    for piece in pieces:
        draft.feed(TEXT, piece)
        draft.flush()
    return draft


def shown(patches, segments=()):
    segments = list(segments)
    for patch in patches:
        segments = apply_ops(segments, patch.ops)
    return "".join(segments)


def test_frames_are_counted_without_gap():
    draft = Draft(message_id=7, conversation_id="c")
    seqs = []
    for piece in ("One ", "two ", "three."):
        draft.feed(TEXT, piece)
        seqs += [patch.seq for patch in draft.flush()]
    assert seqs == [1, 2, 3]


def test_nothing_new_is_no_frame():
    draft = draft_of("One")
    assert draft.flush() == []
    assert draft.seq == 1


def test_snapshot_and_the_frames_since_show_the_same():
    draft = draft_of("# Title\n\n", "Some *words*", " and more.\n\n", "End.")
    everything = "".join(draft.snapshot()["segments"])
    assert shown(draft.since(0)) == everything
    seen = []
    for patch in draft.since(0)[:2]:
        seen = apply_ops(seen, patch.ops)
    assert shown(draft.since(2), seen) == everything


def test_who_was_away_too_long_needs_a_snapshot():
    draft = draft_of(*("word " for _ in range(100)))
    assert draft.since(1) is None
    assert len(draft.since(99)) == 1
    assert draft.since(100) == []


def test_a_seq_from_the_future_needs_a_snapshot():
    assert draft_of("One").since(9) is None


def test_reasoning_and_text_have_frames_of_their_own():
    draft = Draft(message_id=7, conversation_id="c")
    draft.feed(REASONING, "Hm.")
    draft.feed(TEXT, "Yes.")
    assert [p.kind for p in draft.flush()] == [TEXT, REASONING]
    assert draft.reasoning == "Hm."
    assert draft.text == "Yes."


def test_text_stopped_at_a_frame_is_what_that_frame_showed():
    draft = draft_of("One ", "two ", "three")
    assert draft.text_at(2) == "One two "
    assert draft.text_at(99) == "One two three"


def test_continued_draft_shows_what_there_was():
    draft = draft_of(" two", text="One", seq=5)
    assert "One two" in "".join(draft.snapshot()["segments"])
    assert draft.seq == 7


def test_long_tail_is_shown_less_often():
    draft = draft_of("```\n" + "x\n" * 20_000)
    draft.feed(TEXT, "y")
    assert [draft.is_due for _ in range(6)] == 2 * [False, False, True]
