"""Text that would be markup, script or an address, were it not escaped."""

TITLE = '</title><script>alert("title")</script> \u202e # *x*'
QUESTION = (
    "<script>alert(1)</script>\n\n![x](http://elsewhere.test/x.png)\n\n"
    '<img src=x onerror=alert(2)> <style>@import "http://elsewhere.test/";</style>'
)
ANSWER = (
    "# Heading\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[link](javascript:alert(3))\n\n"
    "<!-- messages -->\n\n```python\nprint('</style></body>')"
)
PERSONA = "<b>Bold</b> & Co"
