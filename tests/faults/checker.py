"""Compares what every tab sent and saw with what the database has at the end."""

from collections import Counter, defaultdict

from .pages import OPEN, words_of

FINISHED = "finished"
PAGE = 30  # older messages are not sent to a tab that comes late


def violations(histories, stored, *, story=None, states=None):
    """Return a sentence for each promise that was not kept.

    `histories` are those of the tabs of one conversation, `stored` is that as
    `rows.conversation` returns it, `story(question)` the reply that belongs to it, and
    `states` those in which replies may have ended.
    """
    messages = stored["messages"] if stored else {}
    found = [fault for history in histories for fault in history.faults]
    found += _sent_and_stored(histories, messages)
    found += _answered_once(histories, messages)
    found += _settled(messages, states)
    for history in histories:
        found += _seen_is_stored(history, messages)
        found += _page_is_branch(history, stored)
    if story:
        found += _belongs(messages, story)
    return found


def _sent_and_stored(histories, messages):
    """Acknowledged ⊆ stored ⊆ sent, each once."""
    sent = {s.client_id: s for history in histories for s in history.sent.values()}
    copies = Counter(m["client_id"] for m in messages.values() if m["client_id"])
    for client_id, count in copies.items():
        if count > 1:
            yield f"{client_id} is stored {count} times"
    for history in histories:
        for one in history.sent.values():
            if one.message is not None:
                yield from _acknowledged_is_stored(history, one, messages)
    for pk, message in messages.items():
        if sent and message["role"] == "user" and message["client_id"] not in sent:
            yield f"message {pk} was sent by nobody"


def _acknowledged_is_stored(history, sent, messages):
    stored = messages.get(sent.message)
    if stored is None:
        yield f"{history.name}: {sent.text!r} was acknowledged and is lost"
    elif (stored["client_id"], stored["text"]) != (sent.client_id, sent.text):
        yield f"{history.name}: message {sent.message} is not what was sent: {stored}"


def _answered_once(histories, messages):
    """One reply a question, and one more each time somebody asked for another."""
    asked_again = defaultdict(int)
    for history in histories:
        for question, times in history.asked_again.items():
            asked_again[question] += times
    replies = Counter(m["parent"] for m in messages.values() if m["role"] != "user")
    for pk, message in messages.items():
        if message["role"] == "user" and not 1 <= replies[pk] <= 1 + asked_again[pk]:
            yield (
                f"question {pk} has {replies[pk]} replies; another one was asked for "
                f"{asked_again[pk]} times"
            )


def _settled(messages, states):
    for pk, message in messages.items():
        if message["role"] == "user":
            continue
        if message["state"] in OPEN:
            yield f"reply {pk} is still {message['state']}"
        elif states and message["state"] not in states:
            yield f"reply {pk} is {message['state']}: {message['error_code']}"
        if message["html"] != message["render"]:
            yield f"reply {pk} is stored with the HTML of another text"


def _seen_is_stored(history, messages):
    """Whatever was read of a reply is a beginning of it, or it of that.

    The latter is what a tab saw that was lost when a process was killed.
    """
    for pk, sights in history.sights.items():
        if pk not in messages:
            yield f"{history.name}: reply {pk} was seen and is lost"
            continue
        kept = words_of(messages[pk]["html"])
        for sight in sights:
            if not (kept.startswith(sight.words) or sight.words.startswith(kept)):
                yield f"{history.name}: of reply {pk} it saw {sight.words[-60:]!r}"
                break
    for pk, ends in history.ends.items():
        if pk not in messages:
            yield f"{history.name}: reply {pk} has ended and is lost"
        elif ends[-1]["state"] != messages[pk]["state"]:
            stored = messages[pk]["state"]
            yield f"{history.name}: reply {pk} is {stored}, not {ends[-1]['state']}"


def _page_is_branch(history, stored):
    """A tab that is up to date shows a branch to its end, letter by letter."""
    if history.has_left:
        return
    shown = history.page.messages
    messages = stored["messages"] if stored else {}
    branch = branch_through(messages, history.page.head)
    is_whole = len(shown) == len(branch) or len(shown) >= PAGE
    if not is_whole or list(shown) != branch[-len(shown) or None :]:
        yield f"{history.name}: it shows {list(shown)}, the branch is {branch}"
        return
    for pk, message in shown.items():
        if message.body != stored["messages"][pk]["html"].strip():
            end = message.body[-60:]
            yield f"{history.name}: message {pk} looks otherwise: {end!r}"


def branch_through(messages, pk):
    """Return the ids of the branch on which `pk` stands, to its newest end."""
    if pk is None:
        pk = min(messages, default=None)
    while children := [c for c, m in messages.items() if m["parent"] == pk]:
        pk = max(children)
    branch = []
    while pk in messages:
        branch.insert(0, pk)
        pk = messages[pk]["parent"]
    return branch


def _belongs(messages, story):
    """A whole reply is the story of its question, any other a beginning of it."""
    for pk, message in messages.items():
        if message["role"] == "user":
            continue
        whole = story(messages[message["parent"]]["text"])
        text = message["text"]
        is_whole = message["state"] == FINISHED
        if whole != text if is_whole else not whole.startswith(text):
            yield f"reply {pk} does not belong to its question: {text[:60]!r}"
