"""The demo model: what answers while no provider is set.

An OpenAI-compatible server of our own on loopback, spoken to through the same client
over real HTTP, so that a site without a key behaves like one with a key.
"""

from .server import aclose, endpoint

__all__ = ["aclose", "endpoint"]
