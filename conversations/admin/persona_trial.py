"""“Try it”: ask a persona that is not saved, before anyone else gets it."""

import asyncio
import json
import time
from contextlib import aclosing
from dataclasses import dataclass, field

from asgiref.sync import sync_to_async
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from conversations import demo, llm, usage
from conversations.doctor.failures import sentence_of
from conversations.generation import prompt, requests, spending
from conversations.generation.draft import REASONING, TEXT, Draft
from conversations.generation.outcome import failure_of
from conversations.models import LanguageModel, PersonaVersion, UsageEntry

from .persona_form import ContentForm

NDJSON = "application/x-ndjson"


class TrialForm(ContentForm):
    """What the form of a persona holds now, and a question for it."""

    question = forms.CharField(max_length=20_000)

    @property
    def sentences(self):
        """What is wrong, one line a field."""
        if "question" in self.errors and len(self.errors) == 1:
            return _("Write a question first.")
        found = [
            f"{self.fields[name].label}: {' '.join(errors)}"
            for name, errors in self.errors.items()
            if name != "question"
        ]
        return "\n".join(found)


class PersonaTrialViews:
    """Mixed into PersonaAdmin."""

    @method_decorator(require_POST)
    def persona_try(self, request):
        """Stream the reply to `question` as frames, JSON by the line; save nothing.

        `{seq, kind, ops}` as in `reply.progressed`, then `{end: {sentence, facts}}`.
        """
        if not self._may_try(request):
            raise PermissionDenied
        form = TrialForm(request.POST)
        if not form.is_valid():
            line = _line(end={"sentence": form.sentences, "facts": ""})
            return HttpResponse(line, content_type=NDJSON, status=400)
        try:
            trial = _trial_of(form, request.user)
        except usage.Exhausted as error:
            line = _line(end={"sentence": error.sentence, "facts": ""})
            return HttpResponse(line, content_type=NDJSON, status=400)
        response = StreamingHttpResponse(trial.frames(), content_type=NDJSON)
        response["Cache-Control"] = "no-store"
        response["X-Accel-Buffering"] = "no"
        # Compressed, each line would be a body of its own, which browsers stop after.
        response["Content-Encoding"] = "identity"
        return response

    def _may_try(self, request):
        return self.has_add_permission(request) or self.has_change_permission(request)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        context = {"may_try": self._may_try(request), **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)


def _trial_of(form, user):
    version = PersonaVersion(**form.content)
    model = version.model or LanguageModel.objects.default()
    instructions = requests.instructions_for(version, user)
    question = [("user", form.cleaned_data["question"])]
    messages = prompt.messages(instructions, question)
    request = requests.request_for(version, model, messages)
    call = usage.Call(
        user_id=user.pk,
        persona_id=None,
        model=model,
        purpose=UsageEntry.Purpose.TRIAL,
        prompt_tokens=spending.estimated_prompt(request, model),
        most_output_tokens=request.max_output_tokens,
    )
    request = spending.reserve(call, request)
    return Trial(model.provider.endpoint, request, call)


@dataclass
class Trial:
    """One question and its reply, known to nobody but who asked."""

    endpoint: llm.Endpoint | None  # None: the demo model
    request: llm.ChatRequest
    call: usage.Call
    language: str = field(default_factory=translation.get_language)
    first_ms: int | None = None
    tokens: int | None = None
    reported: llm.Usage | None = None

    async def frames(self):
        """Yield the lines of the answer. Closing it ends the upstream call."""
        draft = Draft(message_id="trial", conversation_id="")
        started = time.monotonic()
        reading = asyncio.ensure_future(self._read(draft, started))
        try:
            while not reading.done():
                await asyncio.wait([reading], timeout=settings.GENERATION_FRAME_SECONDS)
                for patch in draft.flush():
                    yield _line(seq=patch.seq, kind=patch.kind, ops=patch.ops)
            with translation.override(self.language):
                sentence, facts = reading.result(), self._facts(started)
            yield _line(end={"sentence": sentence, "facts": facts})
        finally:
            reading.cancel()
            await sync_to_async(self._settle)(len(draft.text + draft.reasoning))

    async def _read(self, draft, started):
        """Feed `draft`; return the sentence on how it ended, "" when all is well."""
        try:
            endpoint = self.endpoint or await demo.endpoint()
            async with aclosing(llm.stream_chat(endpoint, self.request)) as deltas:
                async for delta in deltas:
                    if isinstance(delta, llm.TextDelta | llm.ReasoningDelta):
                        is_text = isinstance(delta, llm.TextDelta)
                        draft.feed(TEXT if is_text else REASONING, delta.text)
                        if self.first_ms is None:
                            self.first_ms = _milliseconds_since(started)
                    elif isinstance(delta, llm.Usage):
                        self.reported = delta
                        self.tokens = delta.completion_tokens
                    elif failure := failure_of(delta.reason):
                        return self._say(failure)
        except llm.ProviderError as error:
            return self._say(error.code, error.status)
        return ""

    def _settle(self, characters):
        """Write down what it took; nothing came of a call that said nothing."""
        is_nothing = self.reported is None and not characters
        spent = spending.reported(self.call, self.reported, characters)
        usage.settle(self.call, None if is_nothing else spent)

    def _say(self, code, status=None):
        with translation.override(self.language):
            return sentence_of(code, status=status)

    def _facts(self, started):
        """Return the model and what it took, as one line."""
        found = [self.request.model]
        if self.first_ms is not None:
            found.append(_("first words after %d ms") % self.first_ms)
            found.append(_("all after %.1f s") % (_milliseconds_since(started) / 1000))
        if self.tokens:
            found.append(_("%d tokens") % self.tokens)
        return " · ".join(found)


def _milliseconds_since(started):
    return round((time.monotonic() - started) * 1000)


def _line(**frame):
    return json.dumps(frame) + "\n"
