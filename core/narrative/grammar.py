"""The grammar of disclosure sentences: paragraphs to statements.

A paragraph is cut into clauses at commas, semicolons, full stops and colons. Each figure of a clause plays a part that the words before
it tell: the value of a subject, last year's figure (比2023年预算56.26万元), a change (减少3.58万元), a rate (下降6.36%), a share (占12.09%),
a budget (年初预算为…), a completion rate (完成预算的95.89%) or a count (37个). A clause without a subject of its own inherits the one before;
其中 and its kin open a group whose members are parts of the head. What follows 原因是 is read by the same grammar but marked as a reason.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from core.narrative.lexer import DOWN, SAME, UP, Figure, Folded, Mark, direction, figures

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年度?")
_LAST = re.compile(r"(?:上年度?|去年|上一年度?)(?!.*结转)")
_DIRS = "|".join(sorted(UP + DOWN, key=len, reverse=True))
_SAMES = "|".join(sorted(SAME, key=len, reverse=True))
_BASE = r"(?:上年|去年|上一年|上年度|(?:19|20)\d\d年|年初|全年|同期|上期|预算数|(?<=[比较])(?:预算|决算))"
_COMPARE = re.compile(rf"(?:比|较|与|同|和|相比于?|对比)(?P<base>{_BASE}.*?)(?:相比(?:较)?|比较)?(?:,)?$")
_CHANGE = re.compile(rf"^(?P<head>.*?)(?P<dir>{_DIRS})(?:了|额|数|金额|幅度|幅)?(?:为|约|达|是)?$")
_EQUAL = re.compile(rf"^(?P<head>.*?)(?:保持)?(?P<dir>{_SAMES})$")
_GROUP = re.compile(r"^(?:其中|主要包括|具体包括|包括|分别为|分别是|主要用于(?:以下方面)?|用于|主要支出|具体为|支出包括|收入包括|即)[:,]?")
_LIST = re.compile(r"^(?:主要|具体)?包括[:]?(?P<names>.*)$")
_PURPOSE = re.compile(r"^主要?用于[:]?(?P<what>.*)$")
_REASON = re.compile(
    r"(?:的)?(?:主要|具体)?(?:(?:变动|变化|增减|增加|减少|增长|下降)(?:的)?)?(?:主要)?原因(?:分析)?(?:是|为|在于|系)?[:]?|主要(?:是)?(?:因为|由于|系|因)|(?:^|(?<=[,;]))主要是|(?:^|(?<=[,;]))(?:由于|因为)")
_SHARE = re.compile(r"^(?P<head>.*?)占(?:比)?(?P<base>.*?)(?:的)?(?:比重|比例|比)?(?:为|约|达)?$")
_DONE = re.compile(r"^(?P<head>.*?)(?:完成|达到|为)(?P<base>(?:年初|全年|年度|调整后?|当年)?预算(?:数|安排)?)的?$")
_BUDGET = re.compile(r"^(?P<head>.*?)(?P<which>年初预算|全年预算|调整后?预算|年度预算)(?:数|安排|安排数)?$")
_SPENT = re.compile("决算|完成|实际|执行|调整|追加")
_GENERIC = re.compile(r"(?:支出|收入)?(?:决算|预算|当年预算|预算安排|预算执行|当年预算执行|执行|安排|实际支出|实际)?(?:数|额|金额|安排|为)?")
_AMOUNT_OF = re.compile(r"(?:共计|合计|涉及|总)?(?:项目)?(?:支出)?(?:预算)?(?:资金|金额|总额|支出)(?:共计|合计)?|共计|合计")
_LEAD = re.compile(r"^(?:[\"'、,\s]|\d{1,2}[.、](?=\D)|\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}、|以及|同时|此外|另外|并且?|另)+")
_TAIL = re.compile(r"(?:为|是|同比|环比|各|均|共计|共|约|达到?|(?<![总合共])计|(?<!实)有|\"|'|:|科目|资金共计)+$")
_ITEM = re.compile(r"\"?(?P<class>[^,;。:\"]{2,40}?)\((?:(?P<c1>\d{3})\s*)?类\)(?P<group>[^,;。:\"]{2,40}?)\((?:(?P<c2>\d{1,2})\s*)?款\)(?P<item>[^,;。:\"]{2,60}?)\((?:(?P<c3>\d{1,2})\s*)?项\)\"?")
_DASHED = re.compile(r"\"(?P<class>[^\"\-,;。:]{2,40})-(?P<group>[^\"\-,;。:]{2,40})-(?P<item>[^\",;。:]{2,60})\"")
_VERSUS = re.compile(r"决算数?(?P<word>大于|小于|高于|低于|等于|多于|少于)(?:年初|全年|调整)?预算|决算数?与(?:年初|全年|调整)?预算数?(?P<same>持平|相同|一致)")
_VERSUS_SIGN = {"大于": 1, "高于": 1, "多于": 1, "小于": -1, "低于": -1, "少于": -1, "等于": 0}
_OWN = re.compile(r"^(?:本|我|全|该)(?:部门|单位|局|委|办|镇|街道|中心|校|院|系统)(?:\((?:部门|单位|本部|本级)\))?")
_BODY_END = re.compile(r"(?:局|委员会|委|办公室|办事处|政府|中心|学校|院|所|站|队|馆|会|部门|单位|机关|镇|街道|乡)(?:\([^()]*\))?$")
_QUOTES = str.maketrans("", "", "\"'")
_BOTH = re.compile(r"收入?、?支出?(?:决算|预算)?(?:总计|总额|总预算)")
_STEM = re.compile(r"(?:支出)?(?:预算|决算)?(?:安排)?数?$")
_STOP = re.compile(r"[。;]")
_NAME_END = re.compile(r"等(?:支出|费用|方面|项目)?$")


@dataclass(frozen=True, slots=True)
class ItemPath:
    """类、款、项 as an item paragraph names them, with the codes if printed."""

    names: tuple[str, str, str]
    codes: tuple[str, str, str]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A name in an enumeration (主要包括：办公费、印刷费…)."""

    name: str
    start: int
    end: int


@dataclass(eq=False)
class Statement:
    """What a sentence says of one subject; built while reading, not changed afterwards.

    `value` is the year's figure, `again` its repetitions, `prior` last year's; `change`, `rate`, `share`, `budget`, `done` belong to the value.
    `base` is what the change compares with (2023年预算执行数). `heads` are further statements the change may speak of.
    """

    source: Folded
    number: int
    subject: str
    start: int
    year: int | None = None
    value: Figure | None = None
    count: Figure | None = None
    again: list[Figure] = field(default_factory=list)
    prior: Figure | None = None
    prior_year: tuple[int, int] | None = None
    """The year printed with `prior`, and where."""
    change: Figure | None = None
    rate: Figure | None = None
    share: Figure | None = None
    share_base: str = ""
    budgets: list[tuple[str, Figure]] = field(default_factory=list)
    done: Figure | None = None
    done_base: str = ""
    base: str = ""
    base_start: int = 0
    marks: list[Mark] = field(default_factory=list)
    versus: Mark | None = None
    reason: tuple[int, int] | None = None
    purpose: tuple[int, int] | None = None
    listed: list[Listed] = field(default_factory=list)
    list_open: bool = False
    parent: Statement | None = None
    group: int = 0
    heads: list[Statement] = field(default_factory=list)
    in_reason: bool = False
    item: ItemPath | None = None
    segment: int = 0
    sentence: int = 0
    segment_start: int = 0

    @property
    def figures(self) -> list[Figure]:
        known = (self.value, self.count, *self.again, self.prior, self.change, self.rate, self.share, self.done, *(f for _, f in self.budgets))
        return [f for f in known if f is not None]

    @property
    def sign(self) -> int | None:
        """The direction all its words agree on; None when there is none or they disagree."""
        signs = {m.sign for m in self.marks}
        return signs.pop() if len(signs) == 1 else None


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    before: str
    after: str
    opens: bool
    closes: int


def clean_subject(text: str, bodies: tuple[str, ...] = ()) -> str:
    """A subject phrase without years, numbering, group words, linking verbs and the name of the disclosing body."""
    plain = _GROUP.sub("", _LEAD.sub("", text))
    plain = _YEAR.sub("", plain)
    plain = re.sub(r"^(?:本年度?|当年|今年)(?=\D)(?!.*?结转)(?!收入|支出|预算安排|拨款|财政拨款收入)", "", plain)
    previous = None
    while previous != plain:
        previous = plain
        plain = _GROUP.sub("", _LEAD.sub("", _TAIL.sub("", plain)))
    return without_body(plain, bodies).translate(_QUOTES)


def without_body(text: str, bodies: tuple[str, ...]) -> str:
    """The phrase behind the body's own name or 本部门 and the like."""
    for body in bodies:
        at = text.find(body)
        if body and at >= 0 and len(text) > at + len(body):
            text = re.sub(r"^\((?:部门|单位|本部|本级|汇总)\)", "", text[at + len(body):])
            break
    text = re.sub(r"^(?:共|现)有(?=公务|车辆)", "", _OWN.sub("", text))
    return _YEAR.sub("", re.sub(r"^(?:20\d\d年度?)?(?:本年度?|当年|今年)(?=纳入|编报|编制|共)", "", text)).lstrip("的")


def read_paragraphs(paragraphs: Iterable[Folded], year: int | None, known: Callable[[str], bool],
                    bodies: tuple[str, ...] = ()) -> list[Statement]:
    """The statements of consecutive paragraphs of one section.

    `known` tells subjects that the section itself speaks of; `bodies` are names of the disclosing body, which no subject needs.
    """
    reader = _Reader(year, known, bodies)
    for paragraph in paragraphs:
        reader.read(paragraph)
    return reader.statements


class _Reader:
    def __init__(self, year: int | None, known: Callable[[str], bool], bodies: tuple[str, ...]) -> None:
        self.year = year
        self.bodies = bodies
        self.known = known
        self.statements: list[Statement] = []
        self.current: Statement | None = None
        self.parent: Statement | None = None
        self.stack: list[Statement | None] = []
        self.group = 0
        self.groups = 0
        self.segment = 0
        self.segment_start = 0
        self.sentence = 0
        self.in_reason = False
        self.outer: tuple[Statement | None, Statement | None, int] | None = None
        self.pending: tuple[str, int] | None = None
        self.keep = False
        self.listing: Statement | None = None
        self.source: Folded
        self.found: list[Figure] = []

    # -------------------------------------------------------------- paragraphs and clauses

    def read(self, source: Folded) -> None:
        self.source = source
        if self.in_reason:
            self._leave_reason()
        if not self.keep:
            self.current = self.parent = None
            self.group = 0
        self.pending = None
        self.listing = None
        self.stack = []
        found = self.found = figures(source)
        items = list(_items(source.text))
        for clause in _clauses(source.text, found, items):
            self._clause(clause, [f for f in found if clause.start <= f.start < clause.end], items)
        self.keep = source.text.endswith(":")
        self.segment += 1
        self.sentence += 1

    def _clause(self, clause: _Clause, found: list[Figure], items: list[ItemPath]) -> None:
        text = self.source.text[clause.start:clause.end]
        if clause.before in ";。":
            self.segment += 1
            self.segment_start = clause.start
            self.pending = None
            self.listing = None
            if clause.before == "。":
                self.sentence += 1
                if clause.start > 0 and not self.stack:
                    self.parent = None
                if self.current is not None and self.current.parent is not None and _COMPARE.match(text.lstrip()):
                    self.current = self.current.parent  # after the parts a sentence without a subject speaks of the whole again
            if self.in_reason and (clause.before == "。" or self._starts_anew(clause, found)):
                self._leave_reason()
        if clause.opens:
            self.stack.append(self.parent)
            self._open_group(self.current)
        item = next((i for i in items if clause.start <= i.start < clause.end), None)
        start = clause.start
        if item is not None and not self.in_reason:
            self._begin(item.names[2], item.start)
            assert self.current is not None
            self.current.item = item
            self.current.parent = None
            start = item.end
            text = self.source.text[start:clause.end]
        reason = None if self.in_reason else _REASON.search(text)
        if reason is not None and not any(start <= f.start < start + reason.start() and f.kind == "limit" for f in found):
            self._plain(start, start + reason.start(), [f for f in found if f.start < start + reason.start()])
            rest = start + reason.end()
            while rest < clause.end and self.source.text[rest] in ":,":
                rest += 1
            self._enter_reason(rest, clause)
            self._plain(rest, clause.end, [f for f in found if f.start >= rest])
        else:
            self._plain(start, clause.end, [f for f in found if f.start >= start])
        if self.in_reason and self.outer and self.outer[0] is not None and self.outer[0].reason is not None:
            self.outer[0].reason = (self.outer[0].reason[0], clause.end)
        for _ in range(clause.closes):
            if self.stack:
                self.parent = self.stack.pop()

    def _starts_anew(self, clause: _Clause, found: list[Figure]) -> bool:
        """After a semicolon a reason goes on, unless the clause gives a figure for a subject that the section speaks of."""
        if not found or found[0].kind not in ("amount", "count"):
            return False
        return self.known(self._clean(self.source.text[clause.start:found[0].start]))

    def _enter_reason(self, start: int, clause: _Clause) -> None:
        if self.current is not None:
            self.current.reason = (min(start, clause.end), clause.end)
        self.outer = (self.current, self.parent, self.group)
        self.in_reason = True
        self.segment_start = start
        self.current = self.parent = None
        self.pending = None

    def _leave_reason(self) -> None:
        self.in_reason = False
        if self.outer is not None:
            self.current, self.parent, self.group = self.outer
        self.outer = None

    # -------------------------------------------------------------- parts of a clause

    def _plain(self, start: int, end: int, found: list[Figure]) -> None:
        position = start
        for figure in found:
            if figure.kind == "limit":
                continue
            self._figure(position, figure)
            position = figure.end
        self._tail(position, end, bool(found))

    def _tail(self, start: int, end: int, after_figure: bool) -> None:
        """The words of a clause that no figure follows."""
        text = self.source.text[start:end].strip()
        start += len(self.source.text[start:end]) - len(self.source.text[start:end].lstrip())
        if not text:
            return
        versus = _VERSUS.search(text)
        if versus is not None:
            if self.current is not None and self.current.versus is None:
                word = versus.group("word") or versus.group("same")
                group = "word" if versus.group("word") else "same"
                self.current.versus = Mark(_VERSUS_SIGN.get(word, 0), word, start + versus.start(group), start + versus.end(group))
            return
        equal = _EQUAL.match(text)
        compare = _COMPARE.search(equal.group("head")) if equal else None
        if equal and (compare or not equal.group("head") or self.pending):
            mark = Mark(0, equal.group("dir"), start + equal.start("dir"), start + equal.end("dir"))
            head = equal.group("head")[:compare.start()] if compare else ""
            self._about(head, start)
            if self.current is not None and not self.current.marks:
                self.current.marks.append(mark)
                self._set_base(self.current, compare, start)
            return
        compare = _COMPARE.search(text)
        if compare is not None and compare.end() == len(text):
            self.pending = (compare.group("base"), start + compare.start("base"))
            head = self._clean(text[:compare.start()])
            if head and not after_figure:
                self._begin(head, start)
            return
        listed = _LIST.match(text)
        if listed is not None and not listed.group("names") and self._figure_ahead(end):
            self._open_group(self._head())
            return
        if listed is not None and self.current is not None:
            self.listing = self.current
            self._names(listed.group("names"), start + listed.start("names"))
            return
        purpose = _PURPOSE.match(text)
        if purpose is not None and not self.in_reason:
            if self.source.text[end:end + 1] in (":",) and not purpose.group("what") or "以下" in text:
                self._open_group(self._head())
            if self.current is not None:
                self.current.purpose = (start + purpose.start("what"), self._sentence_end(end))
            return
        if _GROUP.fullmatch(text) or re.search(r"其中$", text):
            self._open_group(self._head(text))
            return
        if self.listing is not None:
            self._names(text, start)

    def _sentence_end(self, start: int) -> int:
        found = _STOP.search(self.source.text, start)
        return found.start() if found else len(self.source.text)

    def _figure_ahead(self, start: int) -> bool:
        """Whether a figure comes before the sentence or segment ends: then the enumeration has amounts and is a group."""
        end = self._sentence_end(start)
        return any(start <= f.start < end and f.kind == "amount" for f in self.found)

    def _names(self, text: str, start: int) -> None:
        statement = self.listing
        if statement is None:
            return
        position = 0
        for piece in re.split(r"(?<![(（])、", text):
            at = text.index(piece, position) if piece else position
            position = at + len(piece)
            name = piece.strip("\"'")
            if _NAME_END.search(name):
                statement.list_open = True
                name = _NAME_END.sub("", name)
            if name:
                statement.listed.append(Listed(name, start + at, start + at + len(name)))

    def _figure(self, start: int, figure: Figure) -> None:
        text = self.source.text[start:figure.start]
        group = _GROUP.match(_LEAD.sub("", text))
        if group is not None and not (group.group().startswith("用于") or group.group() == "即"):
            self._open_group(self._head(group.group()))
        if figure.kind == "percent":
            self._percent(text, start, figure)
            return
        change = _CHANGE.match(text)
        if figure.kind == "amount" and change is not None and self._tells_change(change.group("head")):
            self._change(change, start, figure, "change")
            return
        compare = _COMPARE.search(text)
        if figure.kind == "amount" and compare is not None:
            self._about(text[:compare.start()], start)
            if self.current is None:
                self._begin("", start)
            assert self.current is not None
            if self.current.prior is None:
                self.current.prior = figure
                self._set_base(self.current, compare, start)
            return
        self._value(text, start, figure)

    def _tells_change(self, head: str) -> bool:
        """Whether a direction word before an amount tells a change, and is not the end of a name (支持商销稳增长30万元)."""
        if head.endswith("新"):
            return False
        if _COMPARE.search(head) or self.pending is not None or self.in_reason:
            return True
        own = self._clean(head)
        if not own or self.current is not None and _same_subject(own, self.current.subject) or _GENERIC.fullmatch(own):
            return True
        return self.parent is not None and bool(self.parent.marks) or self.known(own)

    def _percent(self, text: str, start: int, figure: Figure) -> None:
        done = _DONE.match(text)
        if done is not None:
            self._about(done.group("head"), start)
            if self.current is not None and self.current.done is None:
                self.current.done, self.current.done_base = figure, done.group("base")
            return
        share = _SHARE.match(text)
        if share is not None:
            self._about(share.group("head"), start)
            if self.current is not None and self.current.share is None:
                self.current.share, self.current.share_base = figure, share.group("base")
            return
        change = _CHANGE.match(text)
        if change is not None:
            self._change(change, start, figure, "rate")

    def _change(self, change: re.Match[str], start: int, figure: Figure, kind: str) -> None:
        head = change.group("head")
        compare = _COMPARE.search(head)
        mark = Mark(direction(change.group("dir")), change.group("dir"), start + change.start("dir"), start + change.end("dir"))
        own = self._clean(head[:compare.start()] if compare else head)
        statement = self._subject_of_change(own, start, kind)
        if kind == "change":
            statement.change = figure
        else:
            statement.rate = figure
        statement.marks.append(mark)
        self._set_base(statement, compare, start)

    def _subject_of_change(self, own: str, start: int, kind: str) -> Statement:
        """Which statement a change speaks of: the current one, or the head of its group when two or more parts came before."""
        current = self.current
        if current is not None and (not own or _same_subject(own, current.subject)):
            taken = current.change if kind == "change" else current.rate
            if taken is None:
                head = current.parent
                if not own and head is not None and head.segment == current.segment and head.change is None and head.value is not None \
                        and kind == "change" and self._parts_in_segment(head) > 1:
                    head.heads.append(current)
                    self.current = head
                    self.parent = None
                    return head
                return current
        before = self._told_before(own) if kind == "change" else None
        if before is not None:
            self.current = before
            return before
        self._begin(own, start)
        assert self.current is not None
        if not own and current is not None and current.value is not None:
            self.current.heads.append(current)  # a second change of one figure: 较预算减少…，较上年增加…
        return self.current

    def _told_before(self, own: str) -> Statement | None:
        """The statement whose value a change told later speaks of: 收、支总计各增加, or the same subject with 预算 or 决算 left out."""
        if not own or self.in_reason:
            return None
        both = _BOTH.fullmatch(own)
        for statement in reversed(self.statements):
            if statement.source is not self.source or statement.in_reason or statement.value is None or statement.change is not None:
                continue
            if both and statement.subject.endswith("收入总计") or not both and _stem(statement.subject) == _stem(own):
                return statement
        return None

    def _parts_in_segment(self, head: Statement) -> int:
        return sum(1 for s in self.statements if s.parent is head and s.segment == self.segment and s.value is not None)

    def _value(self, text: str, start: int, figure: Figure) -> None:
        budget = _BUDGET.match(re.sub(r"(?:为|是|共|约)$", "", text))
        if budget is not None and figure.kind == "amount" and budget.group("which") == "年初预算" and not _SPENT.search(self.source.text):
            text = budget.group("head")  # a budget that calls its own figures so: nothing was spent that it could be compared with
        elif budget is not None and figure.kind == "amount":
            self._about(budget.group("head"), start)
            if self.current is None:
                self._begin(self._clean(budget.group("head")), start)
            assert self.current is not None
            self.current.budgets.append((budget.group("which"), figure))
            return
        years = [int(y) for y in _YEAR.findall(text)]
        year = years[-1] if years else None
        last = bool(_LAST.search(text)) or (year is not None and self.year is not None and year < self.year)
        subject = _LAST.sub("", self._clean(text)) if last else self._clean(text)
        current = self.current
        same = current is not None and (_GENERIC.fullmatch(subject) is not None or _same_subject(subject, current.subject))
        if figure.kind == "amount" and current is not None and same:
            if last and current.prior is None:
                current.prior = figure
                current.prior_year = self._last_year(text, start)
                if not current.base:
                    current.base, current.base_start = text, start
                return
            if not last and current.value is None:
                current.value = figure
                return
            if not last and "决算" in subject and current.subject.endswith("预算") and not current.budgets:
                assert current.value is not None
                current.budgets.append(("预算", current.value))
                current.value, current.subject = figure, current.subject.removesuffix("预算")
                return
            if not last and subject and (current.item is not None or current.segment == self.segment and _same_subject(subject, current.subject)):
                current.again.append(figure)
                return
        if figure.kind == "amount" and current is not None and current.count is not None and current.value is None \
                and _AMOUNT_OF.fullmatch(subject):
            current.value = figure
            return
        self._begin(subject, start, year)
        assert self.current is not None
        if last and figure.kind == "amount":
            self.current.prior = figure
            self.current.prior_year = self._last_year(text, start)
            self.current.base, self.current.base_start = text, start
        elif figure.kind == "amount":
            self.current.value = figure
        else:
            self.current.count = figure

    def _last_year(self, text: str, start: int) -> tuple[int, int] | None:
        found = list(_YEAR.finditer(text))
        return (int(found[-1].group(1)), start + found[-1].start()) if found else None

    # -------------------------------------------------------------- state

    def _clean(self, text: str) -> str:
        return clean_subject(text, self.bodies)

    def _about(self, text: str, start: int) -> None:
        """Go on with the current subject unless the words name another."""
        own = self._clean(text)
        if not own or self.current is not None and (_same_subject(own, self.current.subject) or _GENERIC.fullmatch(own)):
            return
        self._begin(own, start)

    def _begin(self, subject: str, start: int, year: int | None = None) -> None:
        self.current = Statement(self.source, len(self.statements), subject, start, year, parent=self.parent, group=self.group,
                                 in_reason=self.in_reason, segment=self.segment, sentence=self.sentence,
                                 segment_start=self.segment_start)
        self.statements.append(self.current)

    def _set_base(self, statement: Statement, compare: re.Match[str] | None, start: int) -> None:
        if compare is not None:
            statement.base, statement.base_start = compare.group("base"), start + compare.start("base")
        elif self.pending is not None and not statement.base:
            statement.base, statement.base_start = self.pending

    def _open_group(self, head: Statement | None) -> None:
        self.groups += 1
        self.group = self.groups
        self.parent = head

    def _head(self, word: str = "") -> Statement | None:
        """The statement that a new group belongs to: the current one, or the head of the group it stands in when that was closed.

        支出包括 behind the parts of the income opens the other side of the same whole, not of the last part.
        """
        current = self.current
        if current is None:
            return None
        head = current.parent
        if head is not None and word.startswith(("收入包括", "支出包括")):
            return head
        if head is not None and self.sentence > current.sentence:
            beside = sum(1 for s in self.statements if s.parent is head and s.sentence == current.sentence)
            return head if beside > 1 else current
        return current


def _stem(subject: str) -> str:
    return _STEM.sub("", subject)


def _same_subject(one: str, other: str) -> bool:
    """Whether two subject phrases name one thing: equal, or one is the other with the name of a body before it."""
    if not one or not other:
        return False
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and long.endswith(short) and bool(_BODY_END.search(long[:-len(short)]))


def _items(text: str) -> Iterator[ItemPath]:
    for pattern in (_ITEM, _DASHED):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            lead = _LEAD.match(groups["class"])
            name = groups["class"][lead.end():] if lead else groups["class"]
            codes = (groups.get("c1") or "", groups.get("c2") or "", groups.get("c3") or "")
            yield ItemPath((name.strip("\""), groups["group"], groups["item"]), codes, match.start(), match.end())


def _figure_in_bracket(text: str, start: int, found: list[Figure]) -> bool:
    end = text.find(")", start)
    return any(start < f.start and (end < 0 or f.start < end) and f.kind != "limit" for f in found)


def _clauses(text: str, found: list[Figure], items: list[ItemPath]) -> Iterator[_Clause]:
    """Clauses between delimiters; what stands in figures and item names is not cut. (其中…) is a group of its own."""
    closed = [(f.start, f.end) for f in found] + [(i.start, i.end) for i in items]
    ends = {f.end for f in found}
    start = 0
    before = "。"
    opens = False
    depth: list[bool] = []
    index = 0
    while index < len(text):
        inside = next((e for s, e in closed if s <= index < e), None)
        if inside is not None:
            index = inside
            continue
        char = text[index]
        cut = char in ",;。:!?" or char == "、" and index in ends
        closes = 0
        group = False
        if char == "(":
            group = bool(re.match(r"\((?:其中|含|包括|包含)", text[index:])) and _figure_in_bracket(text, index, found)
            depth.append(group)
            cut = group
        elif char == ")" and depth:
            closes = int(depth.pop())
            cut = bool(closes)
        if cut:
            yield _Clause(start, index, before, char, opens, closes)
            start, before, opens = index + 1, char, group
        index += 1
    if start < len(text):
        yield _Clause(start, len(text), before, "", opens, 0)
