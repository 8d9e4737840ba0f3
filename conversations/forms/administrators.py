from django.contrib.auth.forms import BaseUserCreationForm

from conversations.models import User


class AdministratorForm(BaseUserCreationForm):
    """The first administrator's account."""

    class Meta(BaseUserCreationForm.Meta):
        model = User
        fields = ["username", "email"]
        # What a name or a password must be is said when it is not.
        help_texts = {"username": ""}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password2"].help_text = ""

    def validate_password_for_user(self, user, password_field_name="password1"):
        """What is wrong with a password stands under it, not under its repetition."""
        super().validate_password_for_user(user, password_field_name)
