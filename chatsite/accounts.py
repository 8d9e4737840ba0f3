"""How people sign up and in: what is the same on every site.

It becomes part of the settings as it stands.
"""

AUTH_USER_MODEL = "conversations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validation}.MinimumLengthValidator"},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {"NAME": f"{_validation}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "conversations:conversation_new"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "conversations.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
# Whether an address is asked for, and must be confirmed, is decided in actions/sign_up.
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "signup": "conversations.forms.sign_up.SignUpForm",
    "reset_password": "conversations.forms.reset.ResetForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# An address gets a new password: whoever found a screen unlocked must not add theirs.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A class comes by one invitation, all at once and from one address.
ACCOUNT_RATE_LIMITS = {
    "join_code": "10/m/ip",
    "signup": "200/m/ip",
    "sign_up_uninvited": "20/m/ip",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True  # where mail is set up: conversations/accounts.py
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
# Strict: of an address that several have given, each has their own to confirm.
ACCOUNT_PREVENT_ENUMERATION = "strict"
MFA_ADAPTER = "conversations.factors.FactorsAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Without mail no address is ever confirmed, and yet a second factor may be required.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
_factors = "conversations.forms.factors"
MFA_FORMS = {
    "activate_totp": f"{_factors}.AppAddForm",
    "authenticate": f"{_factors}.CodeForm",
    "reauthenticate": f"{_factors}.CodeAgainForm",
    "add_webauthn": f"{_factors}.PasskeyAddForm",
    "edit_webauthn": f"{_factors}.PasskeyRenameForm",
    "authenticate_webauthn": f"{_factors}.PasskeyUseForm",
    "reauthenticate_webauthn": f"{_factors}.PasskeyAgainForm",
    "login_webauthn": f"{_factors}.PasskeySignInForm",
}
SOCIALACCOUNT_ADAPTER = "conversations.identity.adapter.IdentityAdapter"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_EMAIL_REQUIRED = False  # who they are is told by the provider
SOCIALACCOUNT_FORMS = {
    "disconnect": "conversations.forms.identity.AccountDisconnectForm"
}
