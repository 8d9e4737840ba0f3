"""The operator's view. What people wrote to each other is on none of its pages."""

from . import (
    conversations,
    feedback,
    generations,
    models,
    personas,
    providers,
    site,
    site_settings,
    snippets,
    users,
)

__all__ = [
    "conversations",
    "feedback",
    "generations",
    "models",
    "personas",
    "providers",
    "site",
    "site_settings",
    "snippets",
    "users",
]
