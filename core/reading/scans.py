"""Which pages have to be read from their picture."""
from __future__ import annotations

import re

from core.reading.pdf import PageFacts

_PRINTABLE = re.compile(r"[\x21-\x7e\xa7-\xf7\u2010-\u2bff\u2e80-\u2fdf\u3000-\u9fff\uf900-\ufaff\ufe30-\uffee\U00020000-\U0003ffff]+")
_NOT_CHINESE = re.compile(r"[^\u4e00-\u9fff]+")
_COMMON = frozenset(char for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) if (row, cell) < (0xD7, 0xFA)
                    for char in bytes((row, cell)).decode("gb2312"))
"""The 3,755 characters of GB 2312's first level."""


def needs_ocr(facts: PageFacts) -> bool:
    """Whether a page has to be read from its picture: hardly any visible text on a page picture, or text that is no text."""
    visible = "".join(c.text for c in facts.chars if c.text.strip())
    if facts.picture >= 0.5 and (len(visible) < 40 or facts.hidden > len(visible)):
        return True
    return len(visible) >= 20 and garbled(visible)


def garbled(text: str) -> bool:
    """True for text that a broken font map gives: signs outside print, or mostly characters hardly anybody uses."""
    if len(_PRINTABLE.sub("", text)) > 0.15 * len(text):
        return True
    chinese = _NOT_CHINESE.sub("", text)
    common = sum(map(_COMMON.__contains__, chinese))
    return len(chinese) >= 20 and common < 0.6 * len(chinese)
