"""With texts in English, no screen and no dialog has a Korean word but the few that are meant."""

import re

from harness.dashboard import at, run_dashboard

from widgets.texts import use

HANGUL = re.compile(r"[^\n]*[가-힣][^\n]*")
MEANT = re.compile(r"[(예상체결]+\)")
"""The term of Korean trading programs that follows its translation; a dialog may cut it."""
CODES = ("A05612", "B01612A33", "B01612A33+C01612A33", "BAFC3WA33", "B09FMWA34")
PAGES = ("5", "6", "8", "9", "P", "enter", "exclamation_mark")
DIALOGS = ("a", "b", "c", "s", "t", "f", "e", "w", "v", "slash", "comma", "colon")


def korean_lines(text: str) -> list[str]:
    """Return the lines with Korean words that are not meant."""
    return [line.strip() for line in HANGUL.findall(MEANT.sub("", text))]


async def test_no_screen_has_a_korean_word_in_english() -> None:
    use("en")
    found = {}
    async with run_dashboard(CODES, start=at(17, 58), live=False, size=(200, 50)) as stage:
        await stage.step_to(at(17, 59))
        boards = stage.app.screen
        for key in (*PAGES, *DIALOGS):
            await stage.press(key)
            assert stage.app.screen is not boards, key
            found[key] = korean_lines(stage.text)
            await stage.press("escape")
        for moment in (at(17, 59, 30), at(18, 2)):
            await stage.step_to(moment)
            for code in stage.codes:
                found[f"{code} {moment:%H:%M}"] = korean_lines(stage.text)
                await stage.press("down")
    assert not any(found.values()), "\n".join(
        f"{seen} {line}" for seen, lines in found.items() for line in lines
    )
