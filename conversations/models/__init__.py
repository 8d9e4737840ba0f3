from .audit import AuditEntry
from .budgets import Budget, BudgetPeriod
from .chat_reads import ChatRead
from .conversations import Conversation
from .failures import Failure
from .feedback import Feedback
from .folders import Folder
from .generations import Generation
from .identity import GroupRule, IdentityProvider
from .invitations import Invitation
from .limits import GroupLimits
from .messages import Message
from .notices import Notice, NoticeDismissal
from .participants import Participant
from .personas import Persona, PersonaVersion
from .providers import LanguageModel, Provider
from .reports import Report
from .retention import GroupRetention
from .shares import Share
from .site_settings import SiteSettings
from .snippets import Snippet
from .terms import Terms, TermsAcceptance
from .transfers import Transfer
from .unsent import UnsentText
from .usage import UsageEntry
from .users import User

__all__ = [
    "AuditEntry",
    "Budget",
    "BudgetPeriod",
    "ChatRead",
    "Conversation",
    "Failure",
    "Feedback",
    "Folder",
    "Generation",
    "GroupRetention",
    "GroupLimits",
    "Invitation",
    "GroupRule",
    "IdentityProvider",
    "LanguageModel",
    "Message",
    "Notice",
    "NoticeDismissal",
    "Participant",
    "Persona",
    "PersonaVersion",
    "Provider",
    "Report",
    "Share",
    "SiteSettings",
    "Snippet",
    "Terms",
    "TermsAcceptance",
    "Transfer",
    "UnsentText",
    "UsageEntry",
    "User",
]
