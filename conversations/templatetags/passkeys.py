import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(value):
    """Return `value` in JSON, for an attribute that a script reads."""
    return json.dumps(value, cls=DjangoJSONEncoder)
