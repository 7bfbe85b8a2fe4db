"""Which pages have to be read from their picture."""
from __future__ import annotations

from core.reading.pdf import PageFacts


def needs_ocr(facts: PageFacts) -> bool:
    """Whether a page has to be read from its picture: hardly any visible text on a page picture, or text that is no text."""
    visible = [c.text for c in facts.chars if c.text.strip()]
    if facts.picture >= 0.5 and (len(visible) < 40 or facts.hidden > len(visible)):
        return True
    return len(visible) >= 20 and garbled("".join(visible))


def garbled(text: str) -> bool:
    """True for text that a broken font map gives: signs outside print, or mostly characters hardly anybody uses."""
    odd = sum(not _printable(c) for c in text)
    if odd > 0.15 * len(text):
        return True
    chinese = [c for c in text if "\u4e00" <= c <= "\u9fff"]
    rare = sum(not _common(c) for c in chinese)
    return len(chinese) >= 20 and rare > 0.4 * len(chinese)


def _printable(char: str) -> bool:
    code = ord(char)
    return 0x20 < code < 0x7F or 0xA7 <= code <= 0xF7 or 0x2010 <= code <= 0x2BFF or 0x2E80 <= code <= 0x2FDF or \
        0x3000 <= code <= 0x33FF or 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFE30 <= code <= 0xFFEE or code >= 0x20000


def _common(char: str) -> bool:
    """One of the 3,755 characters of GB 2312's first level."""
    try:
        return 0xB0 <= char.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False
