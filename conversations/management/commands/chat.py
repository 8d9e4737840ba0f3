import argparse
import os
import sys
import uuid

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from conversations.actions.conversations import mark_read
from conversations.actions.messages import post_message
from conversations.actions.refusals import Refusal
from conversations.actions.replies import stop_reply
from conversations.management.choices import talk_of
from conversations.management.terminal import Terminal, on_interrupt, quiet
from conversations.management.writing import Writing
from conversations.models import Generation, LanguageModel

LAST_WORDS = {"exit", "quit", "stop", "keluar", "退出", "종료"}
INTERRUPTED = 130  # what a shell expects of who was ended by Ctrl-C
State = Generation.State


class Command(BaseCommand):
    help = (
        "Talk to a persona. The conversation is kept, and is on the web as well. "
        "Leave by Ctrl-D or: " + ", ".join(sorted(LAST_WORDS)) + ". "
        "Ctrl-C stops a reply. What is piped in is asked line by line."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        add = parser.add_argument
        add("--user", default="", help="User name or e-mail; else the only one.")
        add("--persona", default="", help="Its short name; else the last one.")
        add("--model", default="", help="Another model, for this run.")
        add("--temperature", type=_temperature, help="0 to 2, for this run.")
        add("--system", help="Other instructions, for this run.")
        add(
            "--continue",
            dest="conversation",
            nargs="?",
            const="",
            metavar="ID",
            help="Go on with a conversation: its id or address, else the last one.",
        )
        add(
            "--once",
            metavar="QUESTION",
            help="Ask that, print the reply and leave; - asks all of the input.",
        )

    def handle(self, **options):
        self.terminal = Terminal(self)
        try:
            self.talk = talk_of(options)
        except DatabaseError as error:
            raise CommandError(
                f"The database is not ready ({error}). Run: python manage.py migrate"
            ) from error
        language = self.talk.user.language or settings.LANGUAGE_CODE
        with (
            quiet(options["verbosity"]),
            translation.override(language),
            Writing() as self.writing,
        ):
            status = self._lead(options["once"])
        if status:
            sys.exit(status)

    def _lead(self, question):
        """Ask the one question, or all; return the exit status."""
        try:
            if question is not None:
                text = sys.stdin.read() if question == "-" else question
                return self._ask(text)
            if self.terminal.is_interactive:
                self._welcome()
            return self._ask_all()
        except BrokenPipeError:  # whoever read the replies has left
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except KeyboardInterrupt:
            return INTERRUPTED

    def _ask_all(self):
        failed = 0
        for line in self.terminal.lines(_("You: ")):
            text = line.strip()
            if text.casefold() in LAST_WORDS:
                break
            if text:
                failed = self._ask(text) or failed
        if self.talk.head_id:
            self.terminal.note(_("Kept at %s") % self.talk.address)
        return 0 if self.terminal.is_interactive else failed

    def _welcome(self):
        talk, note = self.talk, self.terminal.note
        model = talk.model or talk.persona.version.model
        name = (model or LanguageModel.objects.default()).api_name
        note(_("Ctrl-C stops a reply; exit or Ctrl-D leaves. Model: %s") % name)
        if talk.conversation:
            note(_("Going on with: %s") % talk.conversation.title)
        elif talk.persona.greeting:
            self.terminal.say(talk.persona.shown_name)
            note(talk.persona.greeting)

    def _ask(self, text):
        """Ask, show the reply as it grows; return 0 when it is complete."""
        self.reply, self.is_stopped = None, False
        try:
            with on_interrupt(self._stop):
                self.reply = self._post(text)
                if self.reply is None:
                    self._say_silent()
                    return 0
                if self.is_stopped:
                    self._stop()
                self._show(self.reply)
                return self._end(self.reply)
        except Refusal as refusal:
            self.terminal.error(refusal.detail)
        except DatabaseError as error:
            self.terminal.error(_("That was not saved. Try again. (%s)") % error)
        except BrokenPipeError:
            raise
        except Exception as error:
            self.terminal.error(f"{type(error).__name__}: {error}")
        return 1

    def _post(self, text):
        talk = self.talk
        posted = self.writing.call(
            post_message,
            user=talk.user,
            conversation_id=talk.id,
            text=text,
            client_id=uuid.uuid4(),
            parent_id=talk.head_id,
            persona_slug=talk.persona.slug,
            model=talk.model,
            overrides=talk.overrides,
        )
        talk.head_id = (posted.reply or posted.question).pk
        return posted.reply

    def _say_silent(self):
        """Others take part, and the persona was not named."""
        name = self.talk.persona.shown_name
        said = _("Saved. %(name)s replies when it is mentioned: @%(name)s")
        self.terminal.note(said % {"name": name})

    def _stop(self):
        self.is_stopped = True
        if self.reply:
            self.writing.begin(stop_reply, reply=self.reply)

    def _show(self, reply):
        self.terminal.say(self.talk.persona.shown_name)
        shown = ""
        for piece in self.writing.pieces(reply):
            self.terminal.show(piece)
            shown = piece or shown
        if shown and not shown.endswith("\n"):
            self.terminal.show("\n")

    def _end(self, reply):
        generation = Generation.objects.get(message=reply)
        reply.conversation.refresh_from_db()
        self.writing.call(mark_read, conversation=reply.conversation)
        if generation.state == State.FINISHED:
            return 0
        if generation.state == State.STOPPED:
            self.terminal.note(_("Stopped."))
            return INTERRUPTED
        self.terminal.error(str(generation.error_sentence))
        return 1


def _temperature(text):
    try:
        value = float(text)
    except ValueError:
        value = None
    if value is None or not 0 <= value <= 2:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 2")
    return value
