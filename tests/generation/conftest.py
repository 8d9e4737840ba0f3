"""Whole replies, from a tab to the database, need what the consumers' tests need."""

from tests.consumers.conftest import people, provider

__all__ = ["people", "provider"]
