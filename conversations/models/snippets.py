from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MOST_SNIPPETS = 500  # of one person: the list by which they are called stays quick


class SnippetQuerySet(models.QuerySet):
    def usable_by(self, user):
        """Keep the snippets of `user` and the site's."""
        return self.filter(Q(owner=user) | Q(owner=None))

    def editable_by(self, user):
        """Keep those `user` may change; the site's are edited in the admin."""
        return self.filter(owner=user)


class Snippet(models.Model):
    """A text to begin a message with, called by `/name`. It may have {{blanks}}."""

    owner = models.ForeignKey(
        "User", models.CASCADE, null=True, editable=False, related_name="snippets"
    )
    name = models.CharField(_("name"), max_length=40)
    text = models.TextField(_("text"), max_length=20_000)

    objects = SnippetQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        constraints = [
            # Two: SQLite knows no constraint in which an owner of None is one owner.
            models.UniqueConstraint(fields=["owner", "name"], name="snippet_own_once"),
            models.UniqueConstraint(
                fields=["name"], name="snippet_site_once", condition=Q(owner=None)
            ),
        ]

    def __str__(self):
        return self.name
