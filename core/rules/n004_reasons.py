"""N004, N005, N015: the reasons of changes: fitting the direction, given at all, and of the right item."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.narrative.facts import Narrative, Told, narrative
from core.narrative.grammar import Statement
from core.narrative.lexer import DOWN, UP
from core.numbers import same_figure
from core.results import ERROR, INFO, WARNING, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.text import fold

_COST = r"(?:经费|支出|费用?|收入|预算|资金|拨款|投入|金额|补贴|补助)"
_REASON_WAY = re.compile(rf"^[^,;。、]{{0,60}}{_COST}(?:有所)?(?P<way>{'|'.join((*UP[:4], *DOWN[:4]))}|保持不变)$")
_REASON = re.compile("原因|由于|因为|主要是|主要系")
_LOOSE = re.compile(r"[,，]?(?:这?系|因(?!公)|是因|鉴于|为了?|根据|按照|考虑)[^。;,]{4,}")
"""A reason may also be told without the word, right behind the figure."""
_FOR_ALL = re.compile(r"[。;](?:上述|以上|各项|增加|减少|变动|增减)[^。;,]{0,6}原因")
_EMPTY = re.compile(r"^[:：\"]*(?:无|/|-+|[xX×]+)?$")


@rule(id="N004", title="增减方向与原因相反", family="narrative", severity=WARNING, basis=("mof-2016-143",),
      example="“减少2.98%。主要原因是：一般行政管理事务经费增加。”", remedy="按数字的方向改写原因。")
def reasons_fit(case: Case) -> Iterable[Outcome]:
    """说明的原因若直接写成“某经费增加（减少）”，应与数字的增减方向相同。"""
    relation = "原因与增减方向一致"
    found = False
    for told in narrative(case.doc).told:
        s = told.statement
        if s.reason is None or s.sign is None or s.in_reason:
            continue
        text = s.source.text[s.reason[0]:s.reason[1]].strip("。;,:")
        match = _REASON_WAY.match(text)
        if match is None:
            continue
        found = True
        way = 1 if match.group("way") in UP else -1 if match.group("way") in DOWN else 0
        words = told.words(*s.reason, column="原因")
        mark = told.words(s.marks[0].start, s.marks[0].end, role="source", column="增减方向")
        if way == s.sign:
            yield passed(f"{relation}：“{told.label}”", *words, *mark)
            continue
        yield problem(f"{relation}：“{told.label}”", f"“{told.label}”写作“{s.marks[0].text}”，原因却是“{text}”，两者矛盾", *words, *mark,
                      expected=f"{s.marks[0].text}的原因", actual=text, suggestion="按数字的增减方向改写原因。")
    if not found:
        yield not_run(relation, "文字中没有直接写明“经费增加（减少）”的原因")


@rule(id="N005", title="增减变动未说明原因", family="narrative", basis=("mof-2016-143", "mof-check-2016", "template"),
      example="“机关运行经费比上年减少3.58万元，下降6.36%。”后面没有写原因。", remedy="补写增减变动的具体原因。")
def reasons_given(case: Case) -> Iterable[Outcome]:
    """标题写明要说明原因的章节（收支变动、“三公”经费、机关运行经费），凡写了增减变动的都应说明原因；其他章节里，别的条目都写了原因而个别条目没有的，提请补充。"""
    relation = "增减变动说明原因"
    found = False
    told_of = narrative(case.doc)
    for told, required in _demanding(told_of, "决算" in case.doc.kind):
        found = True
        s = told.statement
        sources = [e for f, n in ((s.change, "change"), (s.rate, "rate")) if f is not None for e in told.evidence(f, n)]
        if s.reason is not None and _EMPTY.match(s.source.text[s.reason[0]:s.reason[1]].strip("。;,")):
            yield problem(f"{relation}：“{told.label}”", f"“{told.label}”只写了“原因”二字，没有写出原因", *sources, expected="写明原因", actual="空", severity=ERROR)
        elif _has_reason(told_of, told):
            yield passed(f"{relation}：“{told.label}”")
        else:
            yield problem(f"{relation}：“{told.label}”", f"{told.section.title}中“{told.label}”有增减变动，没有说明原因", *sources, expected="写明原因", actual="未写",
                          severity=ERROR if required else WARNING, suggestion="在增减额之后补写变动的具体原因。")
    for told, severity in _unlike_the_others(told_of):
        found = True
        s = told.statement
        words = [e for m in s.marks[:1] for e in told.words(m.start, m.end, column="增减方向")]
        sources = [e for f in (s.change or s.value,) if f is not None for e in told.evidence(f, "change" if s.change else "value")]
        yield problem(f"{relation}：“{told.label}”", f"{told.section.title}中其他各项的变动都写了原因，“{told.label}”没有", *sources, *words, expected="写明原因", actual="未写",
                      severity=severity, suggestion="补写变动的具体原因。")
    if not found:
        yield not_run(relation, "没有要求说明原因的增减变动")


def _unlike_the_others(all_told: Narrative) -> Iterator[tuple[Told, str]]:
    """The one item of 三公 without a reason where every other has its own: among those that changed, and among all where the unchanged have one too.

    The reason of the whole or of the parts served it so far; that each has its own here shows in the others.
    """
    own = [t for t in all_told.of("three_public") if t.binding is not None and t.statement.marks and not t.statement.in_reason and t.statement.value is not None]
    moved = [t for t in own if t.statement.sign != 0]
    bare = [t for t in moved if t.statement.reason is None]
    whole = len(bare) == 1 and bare[0].statement.parent is None  # the reasons of the parts serve the whole: many give it none of its own
    if len(moved) >= 3 and len(bare) == 1 and not whole and _has_reason(all_told, bare[0]):  # what has no reason at all was told above
        yield bare[0], WARNING
    same = [t for t in own if t.statement.sign == 0]
    bare = [t for t in same if t.statement.reason is None]
    if len(same) >= 2 and len(bare) == 1 and len(own) >= 4 and bare[0].statement.parent is not None:
        yield bare[0], INFO


_EXPLAINED = {"three_public", "operating"}
_EXPLAINED_ACCOUNTS = {"change", "appropriation", "general", "three_public", "operating", "fund", "capital"}


def _demanding(all_told: Narrative, accounts: bool) -> Iterator[tuple[Told, bool]]:
    """The changes that want a reason, and whether the section's title asks for it."""
    for told in all_told.told:
        s = told.statement
        moved = any(f is not None and f.amount is not None and f.amount.value for f in (s.change, s.rate))
        if accounts and s.versus is not None and s.versus.sign and not s.in_reason:
            yield told, False
            continue
        if s.in_reason or not moved:
            continue
        if "原因" in fold(told.section.title):
            yield told, s.parent is None
        elif told.topic in (_EXPLAINED_ACCOUNTS if accounts else _EXPLAINED) and s.item is None or s.item is not None and _most_have_reasons(all_told, told):
            yield told, False


def _most_have_reasons(all_told: Narrative, told: Told) -> bool:
    beside = [t.statement for t in all_told.told if t.section is told.section and t.statement.item is not None and (t.statement.change or t.statement.rate)]
    return len(beside) >= 4 and sum(s.reason is not None for s in beside) >= 0.8 * len(beside)


def _has_reason(all_told: Narrative, told: Told) -> bool:
    """Its own reason, one of its group's head, or one between it and the next change."""
    s = told.statement
    if s.reason is not None:
        return True
    text = s.source.text
    following = min((t.statement.start for t in all_told.told if t.statement.source is s.source and not t.statement.in_reason
                     and t.statement.start > s.start and (t.statement.change or t.statement.rate)), default=len(text))
    last = max((f.end for f in s.figures), default=s.start)
    rest = text[last:max(following, last)]
    if _REASON.search(rest) or _LOOSE.match(rest) or _FOR_ALL.search(text[last:]):
        return True
    if s.versus is not None and s.change is None and re.search("原因", text[s.versus.end:s.versus.end + 12]):
        return True
    if told.binding is not None and told.binding.quantity == "three_public" and any(
            t.statement.reason is not None for t in all_told.of("three_public") if t.statement is not s):
        return True
    if s.parent is not None and s.parent.reason is not None:
        return True
    if any(t.statement.reason is not None and t.statement.source is s.source and (s in t.statement.heads or _same_change(s, t.statement)) for t in all_told.told):
        return True
    if s.item is not None:
        return False
    later = [p for section, _, p in all_told.sources if section is told.section]
    named = re.compile(rf"{re.escape(told.subject[:4])}[^。;]*原因")
    return any(named.search(p.text) for p in later if told.subject)


def _same_change(one: Statement, other: Statement) -> bool:
    """Income and expenditure that changed by the same amount, told one behind the other: one reason serves both."""
    if one is other or one.change is None or other.change is None or one.change.amount is None or other.change.amount is None:
        return False
    return one.change.amount.value != 0 and same_figure(one.change.amount, other.change.amount) and one.sign == other.sign


@rule(id="N015", title="用途或原因抄自其他条目", family="narrative", severity=WARNING, basis=("mof-2016-143",),
      example="“城管执法”一项写“主要用于城乡社区管理事务一般行政管理事务”，与上一项相同。", remedy="按本项的实际内容改写用途或原因。")
def copied(case: Case) -> Iterable[Outcome]:
    """逐项说明中，某项的用途（原因）写的是另一项的科目名称而没有本项的，多半是复制后没有改。"""
    relation = "用途和原因与条目相符"
    items = [t for t in narrative(case.doc).told if t.statement.item is not None]
    if len(items) < 2:
        yield not_run(relation, "文字没有逐项说明科目")
        return
    names = {_stem(t.statement.item.names[2]) for t in items if t.statement.item}
    wrong = False
    for told in items:
        other = _foreign(told, names)
        if other is None:
            continue
        wrong = True
        words, name = other
        text = told.statement.source.text[words[0]:words[1]].strip(":。,")
        yield problem(f"{relation}：“{told.label}”", f"“{told.label}”的用途或原因写作“{text}”，是“{name}”的内容", *told.words(*words, column="用途或原因"),
                      expected=f"与“{told.statement.item.names[2] if told.statement.item else ''}”相符的内容", actual=text, suggestion="按本项的实际内容改写。")
    if not wrong:
        yield passed(relation)


def _stem(name: str) -> str:
    return re.sub(r"(?:支出|经费|缴费支出|缴费)$", "", fold(name))


def _foreign(told: Told, names: set[str]) -> tuple[tuple[int, int], str] | None:
    item = told.statement.item
    assert item is not None
    own = {_stem(n) for n in item.names}
    leaf = _stem(item.names[2])
    found: dict[str, tuple[tuple[int, int], str]] = {}
    for words in (told.statement.purpose, told.statement.reason):
        if words is None:
            continue
        text = told.statement.source.text[words[0]:words[1]]
        if leaf in text or leaf[:4] in text or leaf[-4:] in text:
            continue
        foreign = [n for n in names if len(n) >= 5 and n in text and n not in own and n not in leaf and leaf not in n]
        if foreign:
            found.setdefault("hit", (words, max(foreign, key=len)))
    return found.get("hit")
