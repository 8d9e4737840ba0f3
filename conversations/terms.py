"""What Django and allauth say, in our own words.

Their translations use other terms than ours, or miss a sentence. What stands here is in
our catalogues too, and ours come first; nothing else reads it.
"""

from django.utils.translation import gettext_noop, ngettext

LABELS = [
    gettext_noop("Username"),
    gettext_noop("Email"),
    gettext_noop("Email address"),
    gettext_noop("Email (optional)"),
    gettext_noop("email address"),
    gettext_noop("Password"),
    gettext_noop("password"),
    gettext_noop("Password (again)"),
    gettext_noop("Password confirmation"),
    gettext_noop("Current Password"),
    gettext_noop("New Password"),
    gettext_noop("New Password (again)"),
    gettext_noop("Forgot your password?"),
    gettext_noop("username"),
]
REFUSALS = [
    gettext_noop("This field is required."),
    gettext_noop("This field cannot be blank."),
    gettext_noop("Enter a valid email address."),
    gettext_noop(
        "Enter a valid username. This value may contain only letters, numbers, and "
        "@/./+/-/_ characters."
    ),
    gettext_noop("A user with that username already exists."),
    gettext_noop("You must type the same password each time."),
    gettext_noop("The two password fields didn’t match."),
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    gettext_noop("This password is too common."),
    gettext_noop("This password is entirely numeric."),
]


def password_too_short(least):
    """Return what Django says of a password of fewer than `least` characters."""
    return ngettext(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        least,
    )
