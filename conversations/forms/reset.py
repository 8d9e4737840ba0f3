from allauth.account.forms import ResetPasswordForm

from conversations.actions.sign_up import people_with


class ResetForm(ResetPasswordForm):
    """A link for a new password goes to an address that is theirs, to no other."""

    def clean_email(self):
        address = super().clean_email()
        owners = set(people_with(address))
        self.users = [user for user in self.users if user in owners]
        return address
