from django.db import models, transaction

from conversations import rendering
from conversations.models import AuditEntry, User
from conversations.models.audit import AuditChain

# In place of [before, after], for what is secret or a person's own.
CHANGED = "changed"
MOST_CHARACTERS = 1000  # of each value: what personas are told is kept as versions
_NAME = AuditEntry._meta.get_field("target_name").max_length


@transaction.atomic
def record_act(actor, verb, target, changes=None, *, reason=""):
    """Append to the audit log that `actor` has done `verb` to `target`; return it.

    `actor` is a User, or the name of what acted without one. `verb` is
    `noun.past_participle`. `target` is a row, a name or None. `changes` is
    `{field: [before, after]}`, or `{field: CHANGED}` for secrets and what is somebody's
    own. A person's name is not kept unless they administrate, so that it goes with
    their account.

    Call it last in the transaction of the act: whoever writes next waits for its end.
    """
    chain, _made = AuditChain.objects.select_for_update().get_or_create(pk=1)
    entry = AuditEntry(
        number=chain.length + 1,
        verb=verb,
        changes={name: _plain(value) for name, value in (changes or {}).items()},
        reason=rendering.clean(reason),
        **_actor(actor),
        **_target(target),
    )
    entry.hash = entry.sealed_after(chain.last_hash)
    entry.save()
    chain.length, chain.last_hash = entry.number, entry.hash
    chain.save()
    return entry


def _actor(actor):
    if not isinstance(actor, User):
        return {"actor_name": _short(actor, _NAME)}
    is_in_office = actor.is_staff or actor.is_superuser
    name = actor.username if is_in_office else ""
    return {"actor_id": actor.pk, "actor_name": name}


def _target(target):
    if target is None:
        return {}
    if not isinstance(target, models.Model):
        return {"target_name": _short(target, _NAME)}
    return {
        "target_kind": target._meta.model_name,
        "target_id": str(target.pk),
        "target_name": "" if has_no_name(target) else _short(target, _NAME),
    }


def has_no_name(target):
    """Whether its name is somebody's, as of a user, or says no more than its id."""
    belongs = isinstance(getattr(target, "user", None), User)
    return isinstance(target, User) or belongs or str(target) == str(target.pk)


def _plain(value):
    """Return `value` as every database keeps it in JSON: exactly."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _short(value, MOST_CHARACTERS)


def _short(value, most):
    text = rendering.clean(str(value))
    return text if len(text) <= most else f"{text[: most - 1]}…"
