"""What people may type: a module per noun."""

from .administrators import AdministratorForm
from .messages import MessageForm
from .replies import AskingForm, ComparingForm, FeedbackForm

__all__ = [
    "AdministratorForm",
    "AskingForm",
    "ComparingForm",
    "FeedbackForm",
    "MessageForm",
]
