from .conversations import Conversation
from .failures import Failure
from .generations import Generation
from .messages import Message
from .personas import Persona, PersonaVersion
from .providers import LanguageModel, Provider
from .users import User

__all__ = [
    "Conversation",
    "Failure",
    "Generation",
    "LanguageModel",
    "Message",
    "Persona",
    "PersonaVersion",
    "Provider",
    "User",
]
