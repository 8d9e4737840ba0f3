"""Where one can go by typing: conversations, personas, pages, a section of one."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from conversations import matching
from conversations.models import Conversation, Persona
from conversations.models.participants import places_of

MOST_CONVERSATIONS = 8
MOST_LOOKED_AT = 1_000  # of the newest; the search finds the others
MOST_PERSONAS = 5
MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `words` name it as well as its label."""

    label: str
    url: str
    icon: str
    words: str = ""

    @property
    def all_words(self):
        return f"{self.label} {self.words}"


@dataclass(frozen=True, slots=True)
class Group:
    """Options of one kind under its name. `key` is equal in every language."""

    key: str
    label: str
    options: list


# The pages of the site: name of the address, label, icon, other words for it.
_PLACES = [
    ("conversations:conversation_new", gettext_lazy("New chat"), "new-chat", ""),
    (
        "conversations:search_list",
        gettext_lazy("Search"),
        "search",
        gettext_lazy("find messages"),
    ),
    (
        "conversations:settings_detail",
        gettext_lazy("Settings"),
        "settings",
        gettext_lazy("theme dark light language text size time zone send key"),
    ),
    (
        "conversations:snippet_list",
        gettext_lazy("Prompts"),
        "prompt",
        gettext_lazy("templates"),
    ),
    ("conversations:share_list", gettext_lazy("Shared links"), "link", ""),
    (
        "conversations:transfer_list",
        gettext_lazy("Import and export"),
        "transfer",
        gettext_lazy("backup download upload"),
    ),
    ("conversations:folder_list", gettext_lazy("Folders"), "folder", ""),
    (
        "conversations:archive_list",
        pgettext_lazy("place", "Archive"),
        "archive",
        "",
    ),
    (
        "conversations:bin_list",
        gettext_lazy("Bin"),
        "bin",
        gettext_lazy("deleted restore"),
    ),
    (
        "conversations:shortcut_list",
        gettext_lazy("Keyboard shortcuts"),
        "keyboard",
        gettext_lazy("keys help"),
    ),
    ("conversations:usage_detail", gettext_lazy("What you use"), "info", ""),
    ("conversations:chat_read_list", gettext_lazy("Who read what"), "user", ""),
    ("conversations:report_list", gettext_lazy("Reports"), "flag", ""),
    ("account_change_password", gettext_lazy("Change password"), "key", ""),
    ("mfa_list_webauthn", gettext_lazy("Passkeys"), "key", ""),
    ("account_email", gettext_lazy("Email addresses"), "mail", ""),
    ("conversations:account_remove", gettext_lazy("Delete my account"), "user", ""),
]
# The sections of the settings, by where they stand on their page.
SECTIONS = {
    "appearance": gettext_lazy("Appearance"),
    "language": gettext_lazy("Language and time"),
    "writing": gettext_lazy("Writing"),
    "data": gettext_lazy("What is yours"),
    "security": gettext_lazy("Security"),
    "sessions": gettext_lazy("Where you are signed in"),
    "account": gettext_lazy("Account"),
}


def groups(user, query):
    """Return the groups of what `query` names; of an empty one, what is likely wanted.

    A group without options is left out.
    """
    all_groups = [
        Group("conversations", _("Conversations"), _conversations(user, query)),
        Group("personas", _("New chat with"), _personas(user, query)),
        Group("places", _("Go to"), _places(user, query)),
    ]
    return [group for group in all_groups if group.options]


def _conversations(user, query):
    rows = Conversation.objects.owned_by(user).listed()
    most = MOST_LOOKED_AT if query.strip() else MOST_CONVERSATIONS
    places = places_of(user.pk)
    together = [
        (place.conversation.title, place.conversation_id)
        for place in places
        if place.archived_at is None
    ]
    found = matching.best(
        query,
        [*rows.values_list("title", "pk")[:most], *together],
        lambda row: row[0],
        most=MOST_CONVERSATIONS,
    )
    return [
        Option(title, reverse("conversations:conversation_detail", args=[pk]), "chat")
        for title, pk in found
    ]


def _personas(user, query):
    begin = reverse("conversations:conversation_new")
    usable = Persona.objects.usable_by(user)
    personas = [(persona.shown_name, persona.slug) for persona in usable]
    found = matching.best(query, personas, lambda row: row[0], most=MOST_PERSONAS)
    return [Option(name, f"{begin}?persona={slug}", "new-chat") for name, slug in found]


def _places(user, query):
    places = [
        Option(str(label), reverse(name), icon, words=str(words))
        for name, label, icon, words in _PLACES
    ]
    settings = reverse("conversations:settings_detail")
    places += [
        Option(str(label), f"{settings}#{section}", "settings")
        for section, label in SECTIONS.items()
    ]
    if user.is_staff:
        administration = reverse("admin:index")
        places.append(Option(_("Administration"), administration, "shield"))
    return matching.best(query, places, lambda p: p.all_words, most=MOST_PLACES)
