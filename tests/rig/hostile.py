"""Texts that would take over a terminal, or end a program that reads them as markup."""

HOSTILE = (
    "\x1b]0;title\x07",
    "\x1b]52;c;ZWNobw==\x07",
    "\x1b]8;;http://example.invalid\x1b\\link",
    "\x1b[2J\x1b[H",
    "\x1b[?1049l\x1b[?25h",
    "\x1bP+q544e\x1b\\",
    "\x9b2Jwipe",
    "nul\x00nul",
    "del\x7f\x08\x08",
    "one\r\ntwo",
    "\u202egnp.exe",
    "\ufeffzero\u200bwidth\u2066",
    "tag\U000e0041\U000e0042",
    "[/]",
    "[/foo]",
    "[@click=app.quit]go[/]",
    "[red on blue]x[/red",
)
"""Titles, clipboard, links, screens, strings, C1, NUL, DEL, lines, bidi, unseen, tags, markup."""

LITERAL = ("[/]", "[/foo]", "[@click=app.quit]", "[red on blue]")
"""Their printable characters, which are shown unchanged."""


def numbered(text: str, number: int) -> str:
    """The text behind a mark by which it is found on the screen."""
    return f"Z{number:02}{text}"
