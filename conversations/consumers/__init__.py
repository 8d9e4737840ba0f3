"""The sockets: frames in to actions, events out to frames."""

from .chat import ChatConsumer
from .me import MeConsumer

__all__ = ["ChatConsumer", "MeConsumer"]
