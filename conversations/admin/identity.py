from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.conf import settings
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.actions.identity import save_identity_provider
from conversations.forms.identity import IdentityProviderForm
from conversations.models import GroupRule, IdentityProvider

from .inlines import FewNew
from .rights import ByAdministrators

# Providers have a page of ours; with which accounts people sign in is for them to see.
admin.site.unregister([SocialAccount, SocialApp, SocialToken])


class GroupRuleInline(FewNew, admin.TabularInline):
    model = GroupRule
    extra = 1


@admin.register(IdentityProvider)
class IdentityProviderAdmin(ByAdministrators, admin.ModelAdmin):
    """A provider says who somebody is, and its rules what they may do."""

    form = IdentityProviderForm
    list_display = ["name", "url", "client_id", "secret", "groups_claim"]
    search_fields = ["name", "url"]
    readonly_fields = ["callback"]
    inlines = [GroupRuleInline]

    def get_fieldsets(self, request, obj=None):
        fields = ["name", "url", "client_id", "client_secret"]
        if obj and obj.encrypted_client_secret:
            fields.append("forget_secret")
        if obj:
            fields.append("callback")
        groups = {"fields": ["scopes", "groups_claim"]}
        return [(None, {"fields": fields}), (_("Groups"), groups)]

    @admin.display(description=gettext_lazy("secret"))
    def secret(self, provider):
        return _("set") if provider.encrypted_client_secret else "–"

    @admin.display(description=gettext_lazy("callback"))
    def callback(self, provider):
        """What the provider has to be told, exactly so."""
        path = reverse("openid_connect_callback", args=[provider.slug])
        return format_html("<code>{}{}</code>", settings.SITE_URL, path)

    def save_model(self, request, obj, form, change):
        secret_was_dropped = save_identity_provider(
            provider=obj,
            client_secret=form.cleaned_data.get("client_secret", ""),
            forget_secret=form.cleaned_data.get("forget_secret", False),
        )
        if secret_was_dropped:
            messages.warning(
                request,
                _(
                    "It has another address now, so the secret was forgotten: a secret "
                    "is only ever sent where it was given for. Enter the new one."
                ),
            )
