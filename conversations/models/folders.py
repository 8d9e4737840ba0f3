from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .loaded import Loaded

MOST_FOLDERS = 500  # of one person


class FolderQuerySet(models.QuerySet):
    def editable_by(self, user):
        """Keep the folders of `user`."""
        return self.filter(owner=user)


class Folder(Loaded, models.Model):
    """Where one person keeps some of their conversations. Folders hold no folders."""

    owner = models.ForeignKey("User", models.CASCADE, related_name="folders")
    name = models.CharField(_("name"), max_length=80)
    # Whom a new chat in this folder is with, unless its person chooses.
    persona = models.ForeignKey(
        "Persona",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("persona"),
    )
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When its name, its place or its persona changed last.
    changed_at = models.DateTimeField(default=timezone.now, db_default=Now())

    objects = FolderQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("folder")
        verbose_name_plural = _("folders")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="folder_once")
        ]

    def __str__(self):
        return str(self.pk)  # never the name: it is the owner's own word
