from hypothesis import given
from hypothesis import strategies as st

from conversations.generation import prompt
from conversations.generation.prompt import Room, Step
from conversations.llm import ChatMessage


def branch_of(sizes):
    """A branch of turns: question and reply of so many characters each."""
    steps = []
    for at, size in enumerate(sizes):
        steps.append(Step(2 * at + 1, True, size))
        steps.append(Step(2 * at + 2, False, size))
    return steps


def kept(sizes, *, tokens=1000, **options):
    options = {"instructions": ""} | options
    return prompt.kept(branch_of(sizes), Room(tokens, 4.0), **options)


def test_everything_is_sent_while_it_fits():
    assert kept([40, 40, 40]) == [1, 2, 3, 4, 5, 6]


def test_oldest_whole_turns_go_first():
    sent = kept([1000] * 6)
    assert sent[-1] == 12
    assert sent[0] % 2 == 1, "a turn is never cut in two"
    assert 0 < len(sent) < 12


def test_newest_turn_always_stays():
    assert kept([40, 40, 100_000]) == [5, 6]


def test_last_turns_are_counted_with_the_question_at_hand():
    steps = [*branch_of([10, 10, 10]), Step(7, True, 10)]
    sent = prompt.kept(steps, Room(1000, 4.0), instructions="", most_turns=2)
    assert sent == [5, 6, 7]


def test_long_instructions_leave_less_room():
    assert len(kept([400] * 4, instructions="x" * 2800)) < len(kept([400] * 4))


@given(st.lists(st.integers(1, 1500), min_size=1, max_size=60))
def test_what_is_kept_fits(sizes):
    room = Room(1000, 4.0)
    steps = branch_of(sizes)
    sent = set(prompt.kept(steps, room, instructions=""))
    total = sum(room.tokens_of(s.characters) for s in steps if s.pk in sent)
    assert total <= 1000 or sent == {steps[-2].pk, steps[-1].pk}


@given(st.lists(st.integers(1, 1500), min_size=2, max_size=60))
def test_prefix_stays_equal_between_steps(sizes):
    """Providers cache the beginning of a prompt: most turns must not move it."""
    starts = [kept(sizes[: n + 1])[0] for n in range(len(sizes))]
    assert starts == sorted(starts), "what was dropped never comes back"


def test_the_start_moves_only_now_and_then():
    sizes = [200] * 100
    starts = [kept(sizes[: n + 1])[0] for n in range(100)]
    assert len(set(starts)) < 30


def test_variables_are_filled_in():
    values = {"user.name": "Budi", "today": "2026-11-20", "language": "한국어"}
    filled = prompt.fill_in("{{user.name}} {{ today }} {{ language }}", values)
    assert filled == "Budi 2026-11-20 한국어"


def test_a_name_that_looks_like_a_variable_is_not_filled_in_again():
    filled = prompt.fill_in("{{ user.name }}", {"user.name": "{{ today }}"})
    assert filled == "{{ today }}"


def test_unknown_variables_are_named():
    assert prompt.unknown_variables("{{ today }} {{ wetter }}") == ["wetter"]


def test_instructions_come_first_and_nothing_empty_is_sent():
    branch = [("user", "Hi"), ("assistant", ""), ("user", "There?")]
    assert prompt.messages("Be kind.", branch) == (
        ChatMessage("system", "Be kind."),
        ChatMessage("user", "Hi"),
        ChatMessage("user", "There?"),
    )


def test_continuing_ends_with_the_request_to_go_on():
    sent = prompt.messages("", [("user", "Hi"), ("assistant", "Hel")], continuing=True)
    assert [m.role for m in sent] == ["user", "assistant", "user"]
    assert sent[-1].text == prompt.CONTINUE


def test_ratio_is_learned_from_reported_usage():
    assert prompt.learned_ratio(None, characters=900, prompt_tokens=300) == 3
    assert 3 < prompt.learned_ratio(3, characters=1200, prompt_tokens=300) < 4


def test_short_prompts_teach_nothing():
    assert prompt.learned_ratio(3, characters=12, prompt_tokens=12) == 3


def test_a_ratio_that_is_known_is_not_written_anew():
    assert prompt.learned_ratio(3, characters=906, prompt_tokens=300) == 3


def test_limit_of_a_message_leaves_room_for_the_reply():
    room = Room.of(
        context_window_tokens=8000, max_output_tokens=1000, characters_per_token=4
    )
    most = room.most_characters("x" * 400)
    assert 7000 * 4 - 500 < most < 7000 * 4 - 400
