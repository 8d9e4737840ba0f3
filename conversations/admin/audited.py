"""Whatever is changed in the admin is in the audit log, whoever wrote the page."""

import re

from django import forms
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db import transaction
from django.shortcuts import redirect

from conversations.actions.audit import CHANGED, has_no_name, record_act
from conversations.actions.refusals import Refusal
from conversations.models import User

from .lookups import ShownLookups

SECRET = {"password", "password1", "password2", "secret", "token", "code"}
KEYS = {"key", "api_key", "forget_api_key"}
# Not secret, but theirs: it goes with their account, and an entry never goes.
OF_A_PERSON = {"username", "email", "first_name", "last_name"}


class AuditedAdmin(ShownLookups):
    """Mixed into every ModelAdmin as it is registered."""

    view_on_site = False  # there is no such way: admin/site.py

    def construct_change_message(self, request, form, formsets, add=False):
        """Record what was saved. Django asks here for what it writes down itself."""
        changes = changes_of(form, add=add)
        if add or changes:
            row = getattr(form, "instance", None) or form.user
            verb = "added" if add else "changed"
            record_act(request.user, verb_of(row, verb), row, changes)
        for formset in formsets or ():
            _record_rows(request.user, formset)
        return super().construct_change_message(request, form, formsets, add)

    def response_action(self, request, queryset):
        """What is done to many, and that it was: both, or neither."""
        try:
            with transaction.atomic():
                return super().response_action(request, queryset)
        except Refusal as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
            return None

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refusal as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
            return redirect(admin_urlname(self.opts, "change"), object_id)

    def log_addition(self, request, obj, message):
        """Django's own log names what the audit log does not: it is left out there."""
        if not has_no_name(obj):
            super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        if not has_no_name(obj):
            super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for row in queryset:
            record_act(request.user, verb_of(row, "removed"), row)
        named = [row for row in queryset if not has_no_name(row)]
        super().log_deletions(request, named)


def watched(admin_class):
    """Return `admin_class` with what keeps its changes in the audit log."""
    if issubclass(admin_class, AuditedAdmin):
        return admin_class
    named = {"__module__": admin_class.__module__, "__doc__": admin_class.__doc__}
    return type(admin_class.__name__, (AuditedAdmin, admin_class), named)


def verb_of(row, verb):
    """Return "language_model.changed" for a LanguageModel and "changed"."""
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(row).__name__).lower()
    return f"{noun}.{verb}"


def changes_of(form, *, add=False):
    """Return what the form has changed, as `record_act` takes it."""
    changes = {}
    for name in form.changed_data:
        if name not in form.fields:  # a password, by the name of its column
            changes[name] = CHANGED
            continue
        field, after = form.fields[name], form.cleaned_data.get(name)
        before = None if add else form.get_initial_for_field(field, name)
        if _is_withheld(name, field, after):
            changes[name] = CHANGED
        else:
            changes[name] = [_shown(field, before), _shown(field, after)]
    return changes


def _record_rows(actor, formset):
    """Record what became of the rows that stand in the form of another."""
    key = formset.model._meta.pk.name
    for form in formset.forms:
        row = form.instance
        if form in formset.deleted_forms:
            row.pk = form.get_initial_for_field(form.fields[key], key)
            if row.pk is not None:  # it was there; deleting took its pk away
                record_act(actor, verb_of(row, "removed"), row)
        elif form.has_changed():
            is_new = row in formset.new_objects
            verb = verb_of(row, "added" if is_new else "changed")
            record_act(actor, verb, row, changes_of(form, add=is_new))


def _is_withheld(name, field, after):
    is_secret = SECRET & set(name.split("_")) or name in KEYS
    is_file = isinstance(field, forms.FileField) or isinstance(after, bytes)
    hides = isinstance(field.widget, forms.PasswordInput)
    return bool(is_secret or is_file or hides or name in OF_A_PERSON)


def _shown(field, value):
    """Return `value` as an administrator would read it: rows by their names."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        pks = [getattr(item, "pk", item) for item in value or ()]
        return sorted(_named(row) for row in field.queryset.filter(pk__in=pks))
    if isinstance(field, forms.ModelChoiceField) and value:
        row = field.queryset.filter(pk=getattr(value, "pk", value)).first()
        return None if row is None else _named(row)
    return value


def _named(row):
    """What an entry calls `row`: of a person, whose name goes with them, the id."""
    return row.pk if isinstance(row, User) else str(row)
