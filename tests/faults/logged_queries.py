"""The site's settings, with every query in its log: for who counts them."""

import logging

from chatsite.settings import *  # noqa: F403

DEBUG = True  # else nobody notes the queries
LOGGING_CONFIG = "tests.faults.logged_queries.configure"


def configure(wanted):
    """Log as the site does, and the queries with the threads that made them."""
    from conversations import logs  # it needs the settings

    logs.configure(wanted)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("query in %(threadName)s: %(message)s"))
    queries = logging.getLogger("django.db.backends")
    queries.setLevel(logging.DEBUG)
    queries.addHandler(handler)
    queries.propagate = False
