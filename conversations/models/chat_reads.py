from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .append_only import AppendOnly
from .kept import Kept
from .reports import Report
from .site_settings import SiteSettings

READ = "conversations.read_conversation"
OPEN_FOR = timedelta(hours=1)


class ChatReadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Keep those of the conversations of `user`."""
        return self.filter(owner_id=user.pk)

    def open_to(self, reader):
        """Keep those by which `reader` may still read."""
        return self.filter(reader_id=reader.pk, begun_at__gt=timezone.now() - OPEN_FOR)


class ChatRead(AppendOnly):
    """That somebody in charge read a conversation of another, when and why.

    Its owner sees it, and nobody can change it. It leads to no other row, and so stays
    when the conversation is gone.
    """

    conversation_id = models.UUIDField()
    owner_id = models.BigIntegerField()
    reader_id = models.BigIntegerField()
    reader_name = models.CharField(_("who read"), max_length=200)
    reason = models.TextField(_("reason"), max_length=1000)
    begun_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    objects = ChatReadQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-pk"]
        verbose_name = _("reading of a conversation")
        verbose_name_plural = _("readings of conversations")
        indexes = [
            models.Index(fields=["owner_id", "-begun_at"], name="chat_read_of_owner"),
            models.Index(
                fields=["conversation_id", "-begun_at"], name="chat_read_of_chat"
            ),
            models.Index(fields=["reader_id", "-begun_at"], name="chat_read_by"),
        ]

    def __str__(self):
        return str(self.pk)

    def save(self, **options):
        super().save(**options)
        _are_any.forget()

    @classmethod
    def last_of(cls, conversation):
        """Return the last one; without a query while nobody has ever read so."""
        if not _are_any.get():
            return None
        return cls.objects.filter(conversation_id=conversation.pk).first()

    @property
    def ends_at(self):
        return self.begun_at + OPEN_FOR


_are_any = Kept(lambda: ChatRead.objects.exists(), bool)


class ReadQuerySet(models.QuerySet):
    """Conversations, as those in charge may read them."""

    def askable_by(self, user):
        """Keep those of others that `user` may open with a reason, as the site has it.

        What its owner put into the bin is not among them.
        """
        policy = SiteSettings.current().reading_policy
        Policy = SiteSettings.ReadingPolicy
        if policy == Policy.NOBODY or not user.has_perm(READ):
            return self.none()
        rows = self.filter(deleted_at=None).exclude(owner=user)
        if policy == Policy.ROLES:
            return rows
        # Nobody opens one by a report of their own, or of a link they were given.
        reports = Report.objects.open().exclude(reporter=user)
        reports = reports.filter(message_id__isnull=False)
        return rows.filter(pk__in=reports.values("conversation"))

    def open_to_reader(self, user):
        """Keep those that `user` has opened so and may still read."""
        opened = ChatRead.objects.open_to(user).values("conversation_id")
        return self.askable_by(user).filter(pk__in=opened)
