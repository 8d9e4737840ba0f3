import hashlib
import json
from datetime import UTC

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .append_only import AppendOnly


class AuditEntry(AppendOnly):
    """Something an administrator did: numbered without a gap, and never changed.

    Nothing of it leads to another row: what was done stays when that is gone.
    """

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("who"), max_length=200, blank=True)
    verb = models.CharField(_("what was done"), max_length=64)
    target_kind = models.CharField(_("kind"), max_length=64, blank=True)
    target_id = models.CharField(_("its id"), max_length=64, blank=True)
    target_name = models.CharField(_("its name"), max_length=200, blank=True)
    # {field: [before, after]}, or {field: "changed"} for what is secret.
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    hash = models.CharField(_("seal"), max_length=64)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["verb", "-number"], name="audit_verb"),
            models.Index(
                fields=["target_kind", "target_id", "-number"], name="audit_target"
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.verb}"

    def sealed_after(self, last_hash):
        """Return the hash of this entry, which stands after one of `last_hash`."""
        facts = [
            last_hash,
            self.number,
            self.at.astimezone(UTC).isoformat(),
            self.actor_id,
            self.actor_name,
            self.verb,
            self.target_kind,
            self.target_id,
            self.target_name,
            self.changes,
            self.reason,
        ]
        told = json.dumps(facts, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()


class AuditChain(models.Model):
    """Where the audit log ends: the one row that its writers queue for."""

    length = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("end of the audit log")
        verbose_name_plural = verbose_name
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="audit_chain_is_one")
        ]

    def __str__(self):
        return str(self.length)


def first_broken():
    """Return `(number, what is wrong)` of the first entry that is not as written.

    None when all are there as they were written. The number may be of one that is not
    there any more.
    """
    last_hash, number = "", 0
    for entry in AuditEntry.objects.order_by("number").iterator(1000):
        number += 1
        if entry.number != number:
            return number, "is missing"
        if entry.hash != entry.sealed_after(last_hash):
            return number, "was changed"
        last_hash = entry.hash
    chain = AuditChain.objects.filter(pk=1).first() or AuditChain()
    if chain.length < number:
        return chain.length + 1, "was not written by the site"
    if (chain.length, chain.last_hash) != (number, last_hash):
        return number + 1, "is missing"
    return None
