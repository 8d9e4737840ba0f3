"""The operator's view. What people wrote to each other is on none of its pages."""

from . import conversations, generations, models, personas, providers, site, users

__all__ = [
    "conversations",
    "generations",
    "models",
    "personas",
    "providers",
    "site",
    "users",
]
