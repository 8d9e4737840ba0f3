from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ConversationsConfig(AppConfig):
    name = "conversations"
    verbose_name = _("Conversations")

    def ready(self):
        from conversations.clearing import clear_by_the_clock
        from conversations.generation import process
        from conversations.search import index

        process.chores.append(clear_by_the_clock)
        connection_created.connect(index.connected)
        pre_migrate.connect(index.before_migrating, sender=self)
        post_migrate.connect(index.after_migrating, sender=self)
