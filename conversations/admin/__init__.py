"""The operator's view. What people wrote to each other is on none of its pages."""

from . import audited  # isort: skip  (before what registers)
from . import (
    audit,
    conversations,
    factors,
    feedback,
    generations,
    invitations,
    models,
    notices,
    personas,
    providers,
    reports,
    site,
    site_settings,
    snippets,
    terms,
    users,
)

__all__ = [
    "audit",
    "audited",
    "conversations",
    "factors",
    "feedback",
    "generations",
    "invitations",
    "models",
    "notices",
    "personas",
    "providers",
    "reports",
    "site",
    "site_settings",
    "snippets",
    "terms",
    "users",
]
