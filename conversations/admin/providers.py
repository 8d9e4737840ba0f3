from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.forms import BaseInlineFormSet
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from conversations.actions.audit import record_act
from conversations.actions.providers import (
    check_connection,
    fetch_models,
    save_provider,
)
from conversations.doctor.failures import sentence_of
from conversations.llm import ProviderError
from conversations.models import LanguageModel, Provider

from .inlines import FewNew
from .models import LanguageModelForm, needed
from .provider_form import ProviderForm, environment_summary

# More would not fit on the page, nor into one form: they have a list of their own.
MOST_INLINE = 40


class LanguageModelFormSet(BaseInlineFormSet):
    def clean(self):
        super().clean()
        if reasons := [*needed(form.instance for form in self.deleted_forms)]:
            raise ValidationError(reasons)


class LanguageModelInline(FewNew, admin.StackedInline):
    model = LanguageModel
    form = LanguageModelForm
    formset = LanguageModelFormSet
    extra = 0
    show_change_link = True
    fields = [
        "api_name",
        ("context_window_tokens", "max_output_tokens", "accepts_temperature"),
        ("prompt_price", "cached_price", "completion_price"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("provider")


@admin.register(Provider)
class ProviderAdmin(admin.ModelAdmin):
    form = ProviderForm
    list_display = ["name", "address", "key", "model_total", "source"]
    search_fields = ["name", "base_url"]
    ordering = ["name"]
    inlines = [LanguageModelInline]
    change_form_template = "admin/conversations/provider/change_form.html"

    # ── the list ──────────────────────────────────────────────────────────────────
    def changelist_view(self, request, extra_context=None):
        LanguageModel.objects.default()  # what the environment says has a row too
        return super().changelist_view(request, extra_context)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(total=Count("models"))

    @admin.display(description=gettext_lazy("address"))
    def address(self, provider):
        if provider.is_demo:
            return _("the demo model")
        return provider.endpoint.base_url or "api.openai.com"

    @admin.display(description=gettext_lazy("key"))
    def key(self, provider):
        if provider.is_demo:
            return _("– needs no key")
        if provider.is_environment:
            is_set = bool(provider.endpoint.api_key)
        else:
            is_set = provider.has_api_key
        return _("set") if is_set else "–"

    @admin.display(description=gettext_lazy("models"), ordering="total")
    def model_total(self, provider):
        return provider.total

    # ── the form ──────────────────────────────────────────────────────────────────
    def get_fieldsets(self, request, obj=None):
        if obj and obj.is_environment:
            return [(None, {"fields": ["name", "environment"]})]
        fields = ["name", "base_url", "api_key"]
        if obj and obj.has_api_key:
            fields.append("forget_api_key")
        return [(None, {"fields": fields})]

    def get_readonly_fields(self, request, obj=None):
        return ["name", "environment"] if obj and obj.is_environment else []

    @admin.display(description=gettext_lazy("environment"))
    def environment(self, provider):
        return environment_summary(provider)

    def get_inlines(self, request, obj):
        is_small = obj is None or obj.models.count() <= MOST_INLINE
        return self.inlines if is_small else []

    def save_model(self, request, obj, form, change):
        if obj.is_environment:
            return
        key_was_dropped = save_provider(
            provider=obj,
            api_key=form.cleaned_data.get("api_key", ""),
            forget_key=form.cleaned_data.get("forget_api_key", False),
        )
        if key_was_dropped:
            messages.warning(
                request,
                _(
                    "The base URL now names another host, so the key was forgotten: "
                    "a key is only ever sent to the host it was given for. "
                    "Enter the new host's key."
                ),
            )

    def has_delete_permission(self, request, obj=None):
        if obj and obj.is_environment:
            return False
        return super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs, request):
        *found, protected = super().get_deleted_objects(objs, request)
        models = LanguageModel.objects.filter(provider__in=objs)
        return *found, [*protected, *needed(models)]

    def get_actions(self, request):
        """Without deletion: the environment's provider could be among the chosen."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    # ── asking the provider ───────────────────────────────────────────────────────
    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path(
                "<int:provider_id>/test/",
                view(self.connection_test),
                name="conversations_provider_test",
            ),
            path(
                "<int:provider_id>/fetch/",
                view(self.models_fetch),
                name="conversations_provider_fetch",
            ),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def connection_test(self, request, provider_id):
        check = partial(check_connection, actor=request.user)
        return self._ask(request, provider_id, check, _connection_sentence)

    @method_decorator(require_POST)
    def models_fetch(self, request, provider_id):
        def fetch(provider):
            if names := fetch_models(provider=provider):
                changes = {"models": [[], names]}
                record_act(request.user, "provider.fetched", provider, changes)
            return names

        return self._ask(request, provider_id, fetch, _fetched_sentence)

    def _ask(self, request, provider_id, action, sentence):
        """Run `action` on the provider and say on its page what came of it."""
        provider = get_object_or_404(Provider, pk=provider_id)
        if not self.has_change_permission(request, provider):
            raise PermissionDenied
        try:
            messages.success(request, sentence(action(provider=provider)))
        except ProviderError as error:
            messages.error(request, sentence_of(error.code, status=error.status))
        return redirect("admin:conversations_provider_change", provider.pk)


def _connection_sentence(connection):
    total = len(connection.models)
    sentence = ngettext(
        "The provider answers and offers %(total)d model.",
        "The provider answers and offers %(total)d models.",
        total,
    ) % {"total": total}
    if connection.first_token_ms is None:
        return f"{sentence} " + _("Fetch them, then test again to hear one of them.")
    spoken = _("The first words of %(model)s came after %(milliseconds)d ms.")
    facts = {
        "model": connection.model,
        "milliseconds": connection.first_token_ms,
    }
    return f"{sentence} {spoken % facts}"


def _fetched_sentence(names):
    if not names:
        return _("All models of the provider are here already.")
    shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    total = len(names)
    return ngettext(
        "%(total)d model was added: %(names)s.",
        "%(total)d models were added: %(names)s.",
        total,
    ) % {"total": total, "names": shown}
