"""A001–A005: state assets told in the text: vehicles by use, dates, purchases, equipment."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from core.model import Section
from core.narrative.binding import FIRST, Bound, locate
from core.narrative.facts import Narrative, Told, narrative
from core.narrative.lexer import Figure, Folded
from core.results import ERROR, WARNING, Evidence, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import softened

_VEHICLES = re.compile("辆")
_OWNED = re.compile(r"(?:实有|共有(?:公务)?(?:用)?车辆?|车辆|用车)(?:数|总数)?$")
_QUOTA = re.compile(r"编制(?:数)?$")
_BUYING = re.compile(r"购置(?:公务用)?车辆?(?:数)?$")
_ASIDE = re.compile("含|包括|其中")
"""3辆（含借用1辆），其中：what is set in brackets is not what the list is of."""
_DATE = re.compile(r"截至?止?(?:到)?(?P<y>(?:19|20)\d\d)年(?P<m>\d{1,2})月(?P<d>\d{1,2})日|截至?止?(?:到)?(?P<y2>(?:19|20)\d\d)年(?P<end>底|末|年底)")


def _count(told: Told) -> Figure | None:
    figure = told.statement.count
    return figure if figure is not None and _VEHICLES.fullmatch(figure.unit) and figure.amount is not None else None


def _vehicles(all_told: Narrative) -> list[Told]:
    return [t for t in all_told.of("assets") if _count(t) is not None]


def _value(told: Told) -> Decimal:
    figure = _count(told)
    return figure.amount.value if figure is not None and figure.amount is not None else Decimal(0)


def _places(told: Told, role: str = "actual") -> tuple[Evidence, ...]:
    figure = _count(told)
    return told.evidence(figure, "车辆数", role) if figure is not None else ()


@rule(id="A001", title="车辆总数不等于各类之和", family="assets", basis=("mof-2016-143", "template"),
      example="“实有10辆，其中……事业单位业务用车6辆，其他公务用车2辆”，各类之和12辆。", remedy="核对各类车辆数和总数。")
def by_use(case: Case) -> Iterable[Outcome]:
    """车辆总数（实有、购置）应等于按用途分列的各类之和。没有列“其他用车”而各类之和小于总数的，可能只列了一部分，作提醒。"""
    told_of = narrative(case.doc)
    vehicles = _vehicles(told_of)
    found = False
    for head in vehicles:
        members = [t for t in vehicles if t.statement.parent is head.statement]
        if len(members) < 2:
            continue
        if _ASIDE.match(head.subject):
            head = told_of.find(head.statement.parent) or head
        if _count(head) is None or _ASIDE.match(head.subject):
            continue
        found = True
        total = sum((_value(t) for t in members), Decimal(0))
        relation = f"“{head.label}” = 各类车辆之和"
        figures = " + ".join(str(_value(t)) for t in members) + f" = {total}"
        filled = sorted(members, key=lambda t: not _value(t))
        evidence = (*_places(head), *(e for t in filled for e in _places(t, "addend")))
        if total == _value(head):
            yield passed(relation, *evidence, figures=figures)
        else:
            yield problem(relation, f"“{head.label}”{_value(head)}辆，按用途分列之和为{total}辆", *evidence, expected=total, actual=_value(head), figures=figures,
                          suggestion="核对各类车辆数和总数。", severity=softened(ERROR if total > _value(head) or any("其他" in t.subject for t in members)
                                                                     else WARNING, head.statement.source.paragraph.ocr))
    if not found:
        yield not_run("车辆总数 = 各类之和", "说明中没有按用途分列的车辆数")


@rule(id="A002", title="车辆实有数超过编制", family="assets", severity=WARNING, basis=("mof-2016-143",),
      example="“公务用车编制8辆，实有10辆”。", remedy="核对编制数和实有数；确属超编的作出说明。")
def within_quota(case: Case) -> Iterable[Outcome]:
    """公务用车实有数不应超过编制数。"""
    relation = "车辆实有数 ≤ 编制数"
    vehicles = _vehicles(narrative(case.doc))
    quota = next((t for t in vehicles if _QUOTA.search(t.subject)), None)
    owned = next((t for t in vehicles if t.subject.endswith("实有") or re.search(r"实有", t.subject)), None)
    if quota is None or owned is None:
        yield not_run(relation, "说明中没有同时写明编制数和实有数")
    elif _value(owned) <= _value(quota):
        yield passed(relation, *_places(owned), *_places(quota, "source"))
    else:
        yield problem(relation, f"公务用车实有{_value(owned)}辆，超过编制{_value(quota)}辆", *_places(owned), *_places(quota, "source"),
                      expected=f"不大于{_value(quota)}", actual=_value(owned), suggestion="核对后更正，或说明超编原因。")


_EXPECTED = {"last_year_end": (-1, 12, 31), "last_august_end": (-1, 8, 31), "year_end": (0, 12, 31)}


@rule(id="A003", title="国有资产的截止日期不当", family="assets", basis=("mof-2016-143", "template"),
      example="2026年预算公开写“截至2026年12月31日”，这一天还没有到。", remedy="改为规定的时点，并核对数据是否是这一时点的。")
def as_of(case: Case) -> Iterable[Outcome]:
    """国有资产占有使用情况应写明时点：山西预算为上年末，上海预算为上年8月31日，决算为本年末。预算公开写成本年末的，时点在公开之后，数据不可能是真的。"""
    relation = "国有资产截止日期"
    year, rule_date = case.doc.year, _EXPECTED.get(str(case.template.switches.get("assets_date", "")))
    found = False
    for section, source, words, day in _dates(narrative(case.doc)):
        found = True
        text = words[0].text if words else ""
        if year is None or rule_date is None:
            yield not_run(relation, "未识别出公开年度，或模板没有规定时点", *words)
            continue
        standard = date(year + rule_date[0], rule_date[1], rule_date[2])
        wanted = f"{standard.year}年{standard.month}月{standard.day}日"
        if day == standard:
            yield passed(relation, *words)
            continue
        future = "预算" in case.doc.kind and day >= date(year, 12, 31) or "决算" in case.doc.kind and day > date(year + 1, 12, 31)
        why = "，晚于公开的时间" if future else ""
        yield problem(relation, f"{section.title}的时点为“{text}”{why}，应为截至{wanted}", *words, expected=f"截至{wanted}", actual=text,
                      group=f"国有资产时点写作{day.isoformat()}", suggestion=f"改为截至{wanted}，并核对数据。",
                      severity=softened(ERROR if future else WARNING, source.paragraph.ocr))
    if not found:
        yield not_run(relation, "说明中没有写国有资产的时点")


def _dates(all_told: Narrative) -> Iterator[tuple[Section, Folded, tuple[Evidence, ...], date]]:
    for section, topic, source in all_told.sources:
        if topic != "assets":
            continue
        for match in _DATE.finditer(source.text):
            year = int(match.group("y") or match.group("y2"))
            month, day = int(match.group("m") or 12), int(match.group("d") or 31)
            try:
                when = date(year, month, day)
            except ValueError:
                continue
            span = source.span(match.start(), match.end())
            yield section, source, tuple(Evidence(p.page, p.box, "", "国有资产", "截止日期", span.text if i == 0 else "", "actual", span.ocr)
                                         for i, p in enumerate(span.places)), when


@rule(id="A004", title="车辆与车辆经费不相称", family="assets", severity=WARNING, basis=("mof-2016-143",),
      example="说明写“购置车辆1辆”，“三公”经费表公务用车购置费为空。", remedy="核对购置车辆数、实有车辆数与“三公”经费表。")
def vehicles_and_money(case: Case) -> Iterable[Outcome]:
    """安排购置车辆的应有公务用车购置费，有购置费的应写明购置数；没有车辆的一般不会有公务用车运行费。"""
    told_of = narrative(case.doc)
    vehicles = _vehicles(told_of)
    buying = next((t for t in vehicles if _BUYING.search(t.subject)), None)
    owned = next((t for t in vehicles if t is not buying and t.statement.parent is None and not _QUOTA.search(t.subject) and _OWNED.search(t.subject)), None)
    found = False
    if buying is not None:
        found = True
        yield _both("购置车辆数 > 0 ⇔ 公务用车购置费 > 0", buying, _money(case, "公务用车购置费", r"公务用车购置(?:费|经费|支出)?"), both_ways=True)
    if owned is not None:
        found = True
        yield _both("公务用车运行费 > 0 ⇒ 有车辆", owned, _money(case, "公务用车运行费", r"公务用车运行.*"), both_ways=False)
    if not found:
        yield not_run("车辆与车辆经费相称", "说明中没有车辆数")


def _money(case: Case, key: str, row: str) -> Bound | None:
    table = case.doc.table("three_public")
    if table is None:
        return None
    return locate(table, row, ("合计",)) or locate(table, FIRST, (key, key + ".决算数"))


def _both(relation: str, told: Told, bound: Bound | None, *, both_ways: bool) -> Outcome:
    places = _places(told)
    if bound is None or bound.amount is None:
        return not_run(relation, "未识别到“三公”经费表中的对应金额", *places)
    evidence = (*places, bound.evidence("source"))
    count, money = _value(told), bound.amount.value
    if count == 0 and money > 0:
        return problem(relation, f"“{told.label}”为0辆，{bound.label}却有{money}{bound.table.amount_unit}", *evidence, expected="数量与经费相称", actual="0辆",
                       suggestion="核对车辆数和经费。")
    if both_ways and count > 0 and money == 0:
        return problem(relation, f"“{told.label}”为{count}辆，{bound.label}却没有金额", *evidence, expected="有购置费", actual="0", suggestion="核对车辆数和经费。")
    return passed(relation, *evidence)


@rule(id="A005", title="大型设备的表述有误", family="assets", severity=WARNING, basis=("mof-2016-143",),
      example="“价值50万元以上的通用设备0台；价值100万元以上的通用设备0台”，后一项应为专用设备。", remedy="把后一项改为“专用设备”。")
def equipment(case: Case) -> Iterable[Outcome]:
    """按政府会计和决算报表口径，分列的是50万元以上的通用设备和100万元以上的专用设备。两处都写“通用设备”，多半是照抄前一项。"""
    relation = "50万元以上通用设备、100万元以上专用设备"
    pattern = re.compile(r"100万元(?:\([^()]*\))?(?:及)?以上的?(?P<word>通用)设备")
    first = re.compile(r"50万元(?:\([^()]*\))?(?:及)?以上的?通用设备")
    found = False
    for _, topic, source in narrative(case.doc).sources:
        if topic != "assets" or "设备" not in source.text:
            continue
        found = True
        match = pattern.search(source.text)
        if match is None or first.search(source.text) is None:
            yield passed(relation)
            continue
        span = source.span(match.start(), match.end())
        words = tuple(Evidence(p.page, p.box, "", "设备", "说明", span.text if i == 0 else "", "actual", span.ocr) for i, p in enumerate(span.places))
        yield problem(relation, f"“{span.text}”与前一项都写“通用设备”，100万元以上应为专用设备", *words, expected="专用设备", actual="通用设备",
                      suggestion="把后一项改为“专用设备”。")
    if not found:
        yield not_run(relation, "说明中没有写设备")
