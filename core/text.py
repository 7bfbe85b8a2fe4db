"""Text made comparable (full/half width, radicals, blanks), still pointing at the original."""
from __future__ import annotations

import unicodedata
from functools import lru_cache

# Chromium's Type 3 fonts map glyphs to radicals. NFKC folds U+2F00..2FDF; these it leaves alone or folds
# to a traditional form.
_RADICALS = {
    "⺠": "民", "⻋": "车", "⻄": "西", "⻅": "见", "⻆": "角", "⻓": "长", "⻔": "门", "⻚": "页", "⻛": "风",
    "⻜": "飞", "⻝": "食", "⻢": "马", "⻤": "鬼", "⻥": "鱼", "⻦": "鸟", "⻨": "麦", "⻩": "黄", "⻬": "齐",
    "⻮": "齿", "⻰": "龙", "⻳": "龟", "⺟": "母", "⺝": "月", "⺫": "目", "⺮": "竹", "⺰": "丝", "⺼": "月",
    "⻁": "虎", "⻉": "贝", "⻘": "青", "⻙": "韦", "⼾": "户", "戶": "户", "⻌": "辶", "⻖": "阝", "⻏": "阝",
    "⻊": "足", "⻪": "黾", "⺌": "小", "⺗": "心", "⺢": "水", "⺾": "艹", "⺍": "小", "⻣": "骨", "⻫": "齐",
    "⻱": "龟", "⻯": "龙", "⻲": "龟",
}
_MARKS = str.maketrans({"～": "~", "—": "-", "–": "-", "−": "-", "‐": "-", "‑": "-", "﹣": "-", "〇": "〇",
                        "“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'", "〔": "(", "〕": ")",
                        "【": "(", "】": ")", "[": "(", "]": ")"})


@lru_cache(maxsize=65536)
def clean_glyph(char: str) -> str:
    """A printed character with radical and compatibility glyphs made the character meant.

    Width and punctuation stay as printed. Ligatures may give several characters.
    """
    if char in _RADICALS:
        return _RADICALS[char]
    code = ord(char[0])
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        folded = unicodedata.normalize("NFKC", char)
        return _RADICALS.get(folded, folded)
    return char


def clean(text: str) -> str:
    """Text with radical and compatibility glyphs replaced; otherwise as printed."""
    if text.isascii():
        return text
    return "".join(map(clean_glyph, text))


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Text for comparison: NFKC, radicals folded, brackets and quotes of one form, no white space."""
    plain = unicodedata.normalize("NFKC", clean(text)).translate(_MARKS)
    return "".join(plain.split())


def fold_with_map(text: str) -> tuple[str, list[int]]:
    """`fold(text)` and, for each of its characters, the index in `text` it came from."""
    out: list[str] = []
    where: list[int] = []
    for index, char in enumerate(text):
        for piece in fold(char):
            out.append(piece)
            where.append(index)
    return "".join(out), where
