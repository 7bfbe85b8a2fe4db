"""Which rows a selector in brackets means: names, codes, levels, positions."""
from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import lru_cache, partial

from core.model import Line, Table
from core.text import fold

_COUNTERS = re.compile(r"^(?:其中:?|[一二三四五六七八九十百]+[、.]|\([一二三四五六七八九十]+\)|\d{1,2}[、.](?!\d)|\(\d{1,2}\))+")
_CIRCLED = re.compile(r"^[\s①-⑳⑴-⒇]+")
_MAIN_ITEM = re.compile(r"^[一二三四五六七八九十百]+[、.]")
_SUB_ITEM = re.compile(r"^(?:其中:?)?(?:\d{1,2}[、.](?!\d)|\([一二三四五六七八九十\d]+\))")


@lru_cache(maxsize=16384)
def plain_name(name: str) -> str:
    """A row's name without its counter: "八、社会保障和就业支出" and "①公务用车购置费" lose theirs."""
    return _COUNTERS.sub("", fold(_CIRCLED.sub("", name)))


def is_total(table: Table, line: Line) -> bool:
    """A total row; on the right half of a table the name may stand on the left only."""
    if line.total or line.name or line.code:
        return line.total
    return any(o.index == line.index and o.total for o in table.lines)


def select(table: Table, selector: str, lines: list[Line]) -> list[Line]:
    """Those of `lines` (one side of a table, in order) that `selector` means. `a & b` narrows."""
    chosen = lines
    for part in selector.split("&"):
        kept = {id(line) for line in _part(table, part.strip(), lines)}
        chosen = [line for line in chosen if id(line) in kept]
    return chosen


def _part(table: Table, part: str, lines: list[Line]) -> list[Line]:
    if "," in part:
        chosen = {id(line) for piece in part.split(",") for line in _part(table, piece.strip(), lines)}
        return [line for line in lines if id(line) in chosen]
    if "|" in part:
        return next((found for piece in part.split("|") if (found := _part(table, piece.strip(), lines))), [])
    if ">" in part:
        before, _, after = part.partition(">")
        anchor = _part(table, before.strip(), lines)
        return _part(table, after.strip(), [o for o in lines if anchor and o.index > anchor[0].index])[:1]
    if part.endswith(("之前", "之后")) and len(part) > 2:
        anchor = _part(table, part[:-2].strip(), lines)
        above = part.endswith("之前")
        return [o for o in lines if anchor and (o.index < anchor[0].index if above else o.index > anchor[0].index)]
    kind = _KINDS.get(part)
    if kind is not None:
        return [line for line in lines if kind(table, line)]
    numbered = re.fullmatch(r"第(\d+)行", part)
    if numbered:
        at = int(numbered.group(1)) - 1
        return lines[at:at + 1]
    return _named(table, part, lines)


def _top(table: Table, line: Line) -> bool:
    totals = [o for o in table.lines if o.side == line.side and is_total(table, o)]
    return line is totals[0] if totals else line.parent is None


def _at_level(level: int, table: Table, line: Line) -> bool:
    return line.level == level and not is_total(table, line)


_KINDS: dict[str, Callable[[Table, Line], bool]] = {
    "顶层": _top,
    "有下级": lambda table, line: bool(table.children(line)),
    "末级": lambda table, line: not is_total(table, line) and not table.children(line),
    "大项": lambda table, line: bool(_MAIN_ITEM.match(fold(line.name))),
    "小项": lambda table, line: bool(_SUB_ITEM.match(fold(line.name))),
    "全部": lambda table, line: True,
    **{word: partial(_at_level, level) for level, word in enumerate(("类", "款", "项"), 1)},
}


def _named(table: Table, part: str, lines: list[Line]) -> list[Line]:
    wanted = fold(part)
    if "*" in wanted:
        return [o for o in lines if fnmatchcase(plain_name(o.name), wanted) or o.code and fnmatchcase(o.code, wanted)]
    exact = [o for o in lines if wanted in (fold(o.name), o.code, fold(o.label))]
    if exact:
        return exact
    plain = [o for o in lines if plain_name(o.name) == plain_name(part)]
    if plain:
        return plain
    return [o for o in lines if is_total(table, o)] if wanted in ("合计", "总计") else []
