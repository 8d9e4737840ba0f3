"""Conversations of others, for those in charge; and for their owners, who read them."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from conversations.actions import snapshots
from conversations.actions.chat_reads import begin_read
from conversations.actions.refusals import Refusal
from conversations.forms.chat_reads import ChatReadForm
from conversations.models import ChatRead, Conversation
from conversations.models.messages import outline_of
from conversations.tree import Tree

from .framing import render_framed
from .snapshots import page_of

MOST_SHOWN = 200


@never_cache
@require_GET
def chat_read_list(request):
    """Who has read what is mine."""
    reads = list(ChatRead.objects.visible_to(request.user)[:MOST_SHOWN])
    mine = Conversation.objects.visible_to(request.user).only("title")
    there = mine.in_bulk([read.conversation_id for read in reads])
    for read in reads:
        read.conversation = there.get(read.conversation_id)
    return render_framed(request, "conversations/chat_read_list.html", reads=reads)


@never_cache
@require_http_methods(["GET", "POST"])
def chat_read_create(request, conversation_id):
    """Ask for the reason, then open the conversation."""
    conversation = get_object_or_404(
        Conversation.objects.askable_by(request.user).select_related("owner"),
        pk=conversation_id,
    )
    if request.method == "GET":
        return _ask(request, conversation, ChatReadForm())
    form = ChatReadForm(request.POST)
    if not form.is_valid():
        return _ask(request, conversation, form, status=422)
    try:
        begin_read(reader=request.user, conversation=conversation, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("reason", refusal.detail)
        return _ask(request, conversation, form, status=422)
    return redirect("conversations:chat_read_detail", conversation.pk)


@never_cache
@require_GET
def chat_read_detail(request, conversation_id):
    """The conversation, to be read and nothing else, for the hour it is open."""
    conversation = Conversation.objects.open_to_reader(request.user)
    conversation = conversation.select_related("owner").filter(pk=conversation_id)
    conversation = conversation.first()
    if conversation is None:
        if Conversation.objects.askable_by(request.user).filter(pk=conversation_id):
            return redirect("conversations:chat_read_create", conversation_id)
        raise Http404
    ends = _ends_of_branches(conversation)
    head_id = _chosen(request, ends, conversation.head_id)
    content = snapshots.take(conversation, head_id, shows_author=True)
    reads = ChatRead.objects.open_to(request.user)
    context = {
        "conversation": conversation,
        "read": reads.filter(conversation_id=conversation.pk).first(),
        "branches": list(enumerate(ends, start=1)) if len(ends) > 1 else [],
        "head_id": head_id,
        **page_of(request, content),
    }
    return render(request, "conversations/chat_read_detail.html", context)


def _ask(request, conversation, form, *, status=200):
    context = {"conversation": conversation, "form": form}
    template = "conversations/chat_read_create.html"
    return render(request, template, context, status=status)


def _ends_of_branches(conversation):
    pairs = [(pk, parent) for pk, parent, *_ in outline_of(conversation.pk)]
    tree, answered = Tree(pairs), {parent for _, parent in pairs}
    return [pk for pk, _ in pairs if pk not in answered and tree.branch(pk)]


def _chosen(request, ends, head_id):
    asked = request.GET.get("branch", "")
    is_id = asked.isdecimal() and len(asked) < 19
    return int(asked) if is_id and int(asked) in ends else head_id
