"""Keys typed with the Hangul input method on, turned back into the Latin letters of the keys."""

import unicodedata

# The two-set (Dubeolsik) keyboard.
_JAMO = {
    **dict(zip("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "qwertyuiop", strict=True)),
    **dict(zip("ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "asdfghjkl", strict=True)),
    **dict(zip("ㅋㅌㅊㅍㅠㅜㅡ", "zxcvbnm", strict=True)),
    **dict(zip("ㅃㅉㄸㄲㅆㅒㅖ", "QWERTOP", strict=True)),
    **dict(zip("ㅘㅙㅚㅝㅞㅟㅢ", ("hk", "ho", "hl", "nj", "np", "nl", "ml"), strict=True)),
    **dict(zip("ㄳㄵㄶㄺㄻㄼ", ("rt", "sw", "sg", "fr", "fa", "fq"), strict=True)),
    **dict(zip("ㄽㄾㄿㅀㅄ", ("ft", "fx", "fv", "fg", "qt"), strict=True)),
}

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"


def is_hangul(text: str) -> bool:
    """Return whether any character is a Hangul letter or syllable."""
    return any(_is_letter(c) for c in text)


def keys_of(text: str) -> str:
    """Return the Latin keys that were pressed for a text; other characters are unchanged."""
    return "".join(
        _letter(letter)
        for character in text
        for letter in (
            unicodedata.normalize("NFD", character) if _is_letter(character) else character
        )
    )


def _is_letter(character: str) -> bool:
    return "ㄱ" <= character <= "ㅣ" or "가" <= character <= "힣" or "ᄀ" <= character <= "ᇿ"


def _letter(letter: str) -> str:
    code = ord(letter)
    for first, table in ((0x1100, _INITIALS), (0x1161, _VOWELS), (0x11A8, _FINALS)):
        if first <= code < first + len(table):
            letter = table[code - first]
            break
    return _JAMO.get(letter, letter)
