"""Automatic numbers of Word paragraphs: "一、", "（二）", "3." are text to the reader but not in the file's text."""
from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

_DIGITS = "零一二三四五六七八九"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def tag(element: Element) -> str:
    """The element's name without its namespace."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def attribute(element: Element, name: str) -> str | None:
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), None)


def child(element: Element, name: str) -> Element | None:
    return next((e for e in element if tag(e) == name), None)


def children(element: Element, name: str) -> list[Element]:
    return [e for e in element if tag(e) == name]


def is_on(element: Element | None) -> bool:
    """A switch like <w:vanish/>: on when there, unless it says no."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off")


def chinese(number: int) -> str:
    """1 to 9999 as Chinese counts: 十一, 二十, 一百零五."""
    if not 0 < number < 10000:
        return str(number)
    text = ""
    zero = False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if zero else "") + _DIGITS[digit] + name
            zero = False
        elif text and number % unit:
            zero = True
    return text[1:] if text.startswith("一十") else text


def roman(number: int) -> str:
    text = ""
    for value, sign in ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
                        (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while number >= value:
            text += sign
            number -= value
    return text


def shown(number: int, form: str) -> str:
    """A counter in a number format of Word."""
    if form.startswith(("chinese", "japaneseCounting", "japaneseLegal", "taiwanese", "ideographLegal", "koreanCounting")):
        return chinese(number)
    if form == "ideographDigital":
        return "".join("〇" if d == "0" else _DIGITS[int(d)] for d in str(number))
    if form.startswith("decimalEnclosedCircle") and 0 < number <= len(_CIRCLED):
        return _CIRCLED[number - 1]
    if form == "decimalZero":
        return f"{number:02d}"
    if form in ("upperLetter", "lowerLetter") and number > 0:
        letter = chr((number - 1) % 26 + ord("A")) * ((number - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman"):
        return roman(number) if form == "upperRoman" else roman(number).lower()
    if form in ("none", "bullet"):
        return ""
    if form == "decimalFullWidth":
        return "".join(chr(ord(d) - ord("0") + ord("０")) for d in str(number))
    return str(number)


@dataclass(frozen=True)
class _Level:
    start: int
    form: str
    text: str
    legal: bool


@dataclass
class Counter:
    """How far each list has counted."""

    at: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)


class Numbering:
    """The lists of a document: which paragraph bears which number."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        if numbering is not None:
            self._read_lists(numbering)
        if styles is not None:
            self._read_styles(styles)

    def _read_lists(self, root: Element) -> None:
        links: dict[str, str] = {}
        for element in children(root, "abstractNum"):
            key = attribute(element, "abstractNumId") or ""
            self._levels[key] = {int(attribute(e, "ilvl") or 0): _level(e) for e in children(element, "lvl")}
            linked = child(element, "styleLink")
            if linked is not None:
                links[attribute(linked, "val") or ""] = key
        for element in children(root, "abstractNum"):
            wanted = child(element, "numStyleLink")
            if wanted is not None and attribute(wanted, "val") in links:
                self._levels[attribute(element, "abstractNumId") or ""] = self._levels[links[attribute(wanted, "val") or ""]]
        for element in children(root, "num"):
            number = attribute(element, "numId") or ""
            abstract = child(element, "abstractNumId")
            self._abstract[number] = (attribute(abstract, "val") or "") if abstract is not None else ""
            for override in children(element, "lvlOverride"):
                start = child(override, "startOverride")
                if start is not None:
                    self._restarts.setdefault(number, {})[int(attribute(override, "ilvl") or 0)] = int(attribute(start, "val") or 1)

    def _read_styles(self, root: Element) -> None:
        based: dict[str, str] = {}
        for style in children(root, "style"):
            name = attribute(style, "styleId") or ""
            above = child(style, "basedOn")
            if above is not None:
                based[name] = attribute(above, "val") or ""
            found = _number_of(child(style, "pPr"))
            if found is not None:
                self._styles[name] = (found[0] or "", found[1] or 0)
        for name in based:
            at, seen = name, {name}
            while at not in self._styles and based.get(at) and based[at] not in seen:
                at = based[at]
                seen.add(at)
            if at in self._styles:
                self._styles.setdefault(name, self._styles[at])

    def label(self, paragraph: Element, counter: Counter) -> str:
        """The number in front of this paragraph ("" when none), counted on."""
        properties = child(paragraph, "pPr")
        if properties is None:
            return ""
        style = child(properties, "pStyle")
        inherited = self._styles.get(attribute(style, "val") or "") if style is not None else None
        own = _number_of(properties)
        number = own[0] if own and own[0] is not None else (inherited[0] if inherited else "")
        depth = own[1] if own and own[1] is not None else (inherited[1] if inherited else 0)
        abstract = self._abstract.get(number)
        if number in ("", "0") or abstract is None or depth not in self._levels.get(abstract, {}):
            return ""
        levels = self._levels[abstract]
        counts = counter.at.setdefault(abstract, {})
        if number not in counter.begun:
            counter.begun.add(number)
            for level, start in self._restarts.get(number, {}).items():
                counts[level] = start - 1
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        text = levels[depth].text
        for level in range(depth + 1):
            if f"%{level + 1}" in text and level in levels:
                form = "decimal" if levels[depth].legal else levels[level].form
                text = text.replace(f"%{level + 1}", shown(counts.get(level, levels[level].start), form))
        return "" if levels[depth].form == "bullet" else text


def _level(element: Element) -> _Level:
    start, form, text = child(element, "start"), child(element, "numFmt"), child(element, "lvlText")
    return _Level(int(attribute(start, "val") or 1) if start is not None else 1,
                  (attribute(form, "val") or "decimal") if form is not None else "decimal",
                  (attribute(text, "val") or "") if text is not None else "", is_on(child(element, "isLgl")))


def _number_of(properties: Element | None) -> tuple[str | None, int | None] | None:
    numbers = child(properties, "numPr") if properties is not None else None
    if numbers is None:
        return None
    number, depth = child(numbers, "numId"), child(numbers, "ilvl")
    return (attribute(number, "val") if number is not None else None,
            int(attribute(depth, "val") or 0) if depth is not None else None)
