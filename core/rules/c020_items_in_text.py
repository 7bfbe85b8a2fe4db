"""C020: the items named in the text (A（类）B（款）C（项）) against the rows of the tables."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from core.model import Line
from core.results import ERROR, WARNING, Evidence, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.coded import chains, letters, same_name, subject_name
from core.rules.f001_parts import BLANK
from core.rules.passages import Passage, is_blank_template, narrative, softened
from core.text import fold_with_map

_MARKED = re.compile(r'([^"、。；;：:，,()\s]{2,30}?)\((?:\d{3})?类\)-?([^"。；;：:，,]{2,40}?)\((?:\d\d)?款\)-?([^"。；;：:，,]{2,50}?)\((?:\d\d)?项\)')
_DASHED = re.compile(r'"([^"\-]{3,30})-([^"\-]{2,40})-([^"\-]{2,50})"')
_LEAD = re.compile(r"^(?:\d+[.、．]?|\([一二三四五六七八九十\d]+\)|其中|主要用于)+")
Chain = tuple[str, str, str]


@dataclass(frozen=True)
class Item:
    """An item as the text names it, and where."""

    names: Chain
    passage: Passage
    start: int
    end: int

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return self.passage.at(self.start, self.end)

    @property
    def text(self) -> str:
        return "-".join(self.names)


def items(passage: Passage, classes: Iterable[str]) -> Iterator[Item]:
    """The items that a paragraph names, in either of the two ways of writing."""
    text, where = fold_with_map(passage.text)
    known = [letters(c) for c in classes]
    for pattern in (_MARKED, _DASHED):
        for hit in pattern.finditer(text):
            one, two, three = (subject_name(_LEAD.sub("", g)) for g in hit.groups())
            if pattern is _DASHED and letters(one) not in known:
                continue
            yield Item((one, two, three), passage, where[hit.start()], where[hit.end() - 1] + 1)


def _similar(one: Chain, two: Chain) -> float:
    return min(fuzz.ratio(letters(a), letters(b)) for a, b in zip(one, two, strict=True))


def _explain(item: Item, listed: Mapping[Chain, Line]) -> tuple[str, str, Chain | None]:
    """Severity, what is wrong, and the chain that was meant."""
    first, second, third = item.names
    deep = [c for c in listed if same_name(c[0], first) and same_name(c[1], third) and same_name(first, second)]
    if deep:
        return ERROR, f"科目层级写错一级：“{third}”是款级科目，不是项", deep[0] if len(deep) == 1 else None
    same_item = [c for c in listed if same_name(c[2], third)]
    under = [c for c in same_item if same_name(c[0], first) or same_name(c[1], second)]
    if under:
        part = "款" if same_name(under[0][0], first) else "类"
        return (ERROR if len(same_item) == 1 else WARNING), f"“{third}”在表中的{part}级科目与文字不同", under[0]
    near = max(listed, key=lambda c: _similar(c, item.names), default=None)
    if near is not None and _similar(near, item.names) >= 75:
        return WARNING, "科目名称与表中不一致", near
    return WARNING, "各表中没有这一科目", same_item[0] if len(same_item) == 1 else None


@rule(id="C020", title="文字所列科目与表不符", family="codes", basis=("budget-law-32", "mof-2016-143"),
      example="文字写“卫生健康支出（类）卫生健康支出（款）计划生育事务（项）”，表中计划生育事务是款级科目。",
      remedy="按支出表中的类、款、项三级名称改写。")
def items_in_text(case: Case) -> Iterable[Outcome]:
    """说明文字逐项列示的科目“A（类）B（款）C（项）”或“A-B-C”，三级名称应与支出表中的科目一致。常见差错是把科目写深一级、写错所属的款，或沿用旧名称。"""
    relation = "文字所列科目与支出表一致"
    listed = chains(case.doc)
    if not listed or is_blank_template(case.doc):
        yield not_run(relation, BLANK if listed else "没有列到项级科目的表")
        return
    found = wrong = False
    for passage in narrative(case.doc):
        for item in items(passage, {c[0] for c in listed}):
            found = True
            if any(all(same_name(a, b) for a, b in zip(chain, item.names, strict=True)) for chain in listed):
                continue
            wrong = True
            severity, why, meant = _explain(item, listed)
            expected = f"{'-'.join(meant)}（{listed[meant].code}）" if meant else None
            yield problem(relation, f"文字列示的科目“{item.text}”{why}" + (f"，表中是“{expected}”" if expected else ""), *item.evidence,
                          expected=expected, actual=item.text, severity=softened(severity, passage.ocr), suggestion="按支出表的科目名称更正文字。")
    if not found:
        yield not_run(relation, "文字没有逐项列示类、款、项科目")
    elif not wrong:
        yield passed(relation)
