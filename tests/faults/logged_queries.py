"""The site's settings, with every query in its log: for who counts them."""

from chatsite.settings import *  # noqa: F403
from chatsite.settings import LOGGING

DEBUG = True
LOGGING["handlers"]["queries"] = {"class": "logging.StreamHandler", "formatter": "sql"}
LOGGING["formatters"]["sql"] = {"format": "query in %(threadName)s: %(message)s"}
LOGGING["loggers"]["django.db.backends"] = {"level": "DEBUG", "handlers": ["queries"]}
