"""Code blocks: a sheet with its language and its words coloured by CSS classes."""

import html
import re
import time
from functools import cache, lru_cache, partial

# Longer code is shown without colours, and so is code whose colours take longer: some
# lexers read ordinary prose in quadratic time (Java took a second for 6 KB of "a a a").
_HIGHLIGHT_CHARACTERS = 20_000
_HIGHLIGHT_SECONDS = 0.1
# Nobody can stop a lexer within one word, and all wait for it: some are quadratic in a
# long line or a wide gap (Devicetree took 20 seconds for 20 KB of "a").
_LONGEST_LINE, _WIDEST_GAP = 500, 100

_BLOCK = re.compile(
    r'<pre><code(?: class="language-([^"]*)")?(?: data-math-style="display")?>'
    r"([^<]*)</code></pre>"
)
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
_OTHER_NAMES = {"svelte": "html", "jsonc": "json", "vb": "vb.net", "assembly": "nasm"}
_GAP = re.compile(r"\s+")


def finish_code(html_block: str, *, is_open: bool = False) -> str:
    """Dress the code blocks of `html_block`.

    `is_open` says that the last of them is still being written: it gets the same shape
    but no colours yet, for they would change with every character.
    """
    last = html_block.rfind("<pre><code") if is_open else -1

    def dress(match):
        language = _language(match[1])
        body = match[2]
        if language and match.start() != last:
            body = highlight(language, body) or body
        name = f' class="language-{language}"' if language else ""
        return (
            f'<code-block data-language="{language}" dir="ltr"><pre tabindex="0">'
            f"<code{name}>{body}</code></pre></code-block>"
        )

    return _BLOCK.sub(dress, html_block)


def _language(info: str | None) -> str:
    """Return the language a fence names, in lower case; "" for none or an odd one."""
    match = _LANGUAGE.fullmatch(html.unescape(info or ""))
    return match[0].lower() if match else ""


@lru_cache(maxsize=512)
def highlight(language: str, body: str) -> str | None:
    """Return escaped `body` with spans by class; None when it is to stay as it is."""
    lexer = _lexer(language)
    if lexer is None or len(body) > _HIGHLIGHT_CHARACTERS:
        return None
    code = html.unescape(body)
    if _is_odd(code):
        return None
    tokens = []
    deadline = time.thread_time() + _HIGHLIGHT_SECONDS
    for token in lexer.get_tokens(code):
        if time.thread_time() > deadline:
            return None
        tokens.append(token)
    return _formatter()(tokens)


@cache
def _formatter():
    from pygments import format as format_tokens
    from pygments.formatters import HtmlFormatter

    return partial(format_tokens, formatter=HtmlFormatter(nowrap=True))


def _is_odd(code: str) -> bool:
    """Tell whether it has a line or a gap as nobody writes them."""
    return any(len(line) > _LONGEST_LINE for line in code.split("\n")) or any(
        len(gap[0]) > _WIDEST_GAP for gap in _GAP.finditer(code)
    )


@lru_cache(maxsize=128)
def _lexer(language: str):
    from pygments.lexer import DelegatingLexer
    from pygments.lexers import find_lexer_class

    name = _lexer_names().get(_OTHER_NAMES.get(language, language))
    found = find_lexer_class(name) if name else None
    if found is None or (issubclass(found, DelegatingLexer) and language != "pycon"):
        return None  # of two languages in one all is read before the first word comes
    return found(stripnl=False)


@cache
def _lexer_names() -> dict[str, str]:
    """Return the lexers' names by alias. Pygments' own look-up searches the installed
    packages for every name it does not know, which is for strangers to trigger."""
    from pygments.lexers import get_all_lexers

    lexers = get_all_lexers(plugins=False)
    return {alias: name for name, aliases, *_ in lexers for alias in aliases}
