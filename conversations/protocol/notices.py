"""What the site tells people, as a frame."""

from conversations.models import Notice


def known(user):
    """Say which notices `user` sees now, for a page that was drawn before."""
    # What this process remembers may be older than the page.
    shown = Notice.objects.visible_to(user)
    version = " ".join(notice.version for notice in shown)
    return {"type": "notices.known", "version": version}
