"""HTML as a list of what it says, to compare and to search."""

from html.parser import HTMLParser

from conversations.rendering import render

VOID = {"br", "hr", "input"}


class ParsedHTML(HTMLParser):
    """`events` are ("start", tag, attributes), ("end", tag) and ("text", words)."""

    def __init__(self, html):
        super().__init__()
        self.events = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        self.events.append(("start", tag, attributes))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        self.events.append(("end", tag))

    def handle_data(self, data):
        if self.events and self.events[-1][0] == "text":
            data = self.events.pop()[1] + data
        self.events.append(("text", data))

    @property
    def tags(self):
        """The start tags in order: (tag, attributes)."""
        return [event[1:] for event in self.events if event[0] == "start"]

    def find(self, tag):
        """The attributes of each `tag` in order."""
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def words(self):
        return " ".join("".join(e[1] for e in self.events if e[0] == "text").split())


def parsed(markdown, **options):
    """Return what `render` makes of it, as ParsedHTML."""
    return ParsedHTML(render(markdown, **options))
