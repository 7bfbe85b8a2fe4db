"""B001–B003: government procurement told in the text: the total, its parts, and what is reserved for small enterprises."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from core.model import Document
from core.narrative.facts import Narrative, Told, narrative
from core.narrative.judge import own_unit, shown, sum_fits, total_of
from core.numbers import Amount
from core.results import ERROR, WARNING, Evidence, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import softened

_PARTS = (re.compile("货物"), re.compile("工程"), re.compile("服务"))
_TOTAL = re.compile(r"(?:政府)?采购(?:支出)?(?:预算|金额|决算|支出)?(?:总额|总金额|总计|合计|金额)?(?:\([^()]*\))?$")
_ELSEWHERE = re.compile(r"政府采购(?:支出)?(?:预算|支出|决算)?总额$")
_SMALL = re.compile("小微企业|小型(?:和|、)?微型企业|小型微型企业")
_MIDDLE = re.compile("中小企业")
NO_SECTION = "没有政府采购的说明"


def purchases(all_told: Narrative) -> list[Told]:
    """What is told of procurement: in its own section, else in the first paragraph of another that tells a total."""
    own = all_told.of("procurement")
    if own:
        return own
    first = next((t for t in all_told.told if _ELSEWHERE.search(t.subject) and t.statement.parent is None and not t.statement.in_reason), None)
    return [t for t in all_told.told if t.statement.source is first.statement.source] if first is not None else []


def procurement_total(all_told: Narrative) -> Told | None:
    """The statement of the whole procurement."""
    return next((t for t in purchases(all_told) if t.statement.value is not None and t.statement.parent is None and _TOTAL.search(t.subject)
                 and not any(p.search(t.subject) for p in (*_PARTS, _SMALL, _MIDDLE)) and not t.statement.in_reason), None)


def _part(subject: str) -> re.Pattern[str] | None:
    """Which part a subject names: the one nearest its figure (工程预算0、服务预算20万元 is 服务)."""
    found = [(hits[-1].start(), p) for p in _PARTS if (hits := list(p.finditer(subject)))]
    return max(found, key=lambda x: x[0])[1] if found else None


def _amount(told: Told) -> Amount | None:
    return told.statement.value.amount if told.statement.value is not None else None


def _places(told: Told, role: str = "actual") -> tuple[Evidence, ...]:
    return told.evidence(told.statement.value, "value", role) if told.statement.value is not None else ()


@rule(id="B001", title="政府采购总额不等于各项之和", family="procurement", basis=("budget-law-14", "mof-2016-143"),
      example="总额18.50万元，货物6.90、工程0、服务12.60，三项之和19.50。", remedy="核对总额和货物、工程、服务三项。")
def parts(case: Case) -> Iterable[Outcome]:
    """政府采购总额应等于货物、工程、服务三项之和。"""
    relation = "政府采购总额 = 货物 + 工程 + 服务"
    told_of = narrative(case.doc)
    total = procurement_total(told_of)
    if total is None:
        yield not_run(relation, NO_SECTION)
        return
    found = [next((t for t in purchases(told_of) if t.statement.value is not None and t is not total and _part(t.subject) is p
                   and not _MIDDLE.search(t.subject) and not _SMALL.search(t.subject)), None) for p in _PARTS]
    told = [t for t in found if t is not None]
    if len(told) < 2:
        yield not_run(relation, "没有分项写明货物、工程、服务", *_places(total))
        return
    amounts = [a for t in told if (a := _amount(t)) is not None]
    whole = _amount(total)
    evidence = (*_places(total), *(e for t in told for e in _places(t, "addend")))
    if whole is None or len(amounts) < len(told):
        yield not_run(relation, "其中有不规范的数字", *evidence)
        return
    figures = " + ".join(shown(a.to(whole.unit).value) for a in amounts)
    if sum_fits(amounts, whole):
        yield passed(relation, *evidence, figures=f"{figures} = {shown(whole.value)}")
        return
    added = total_of(amounts, whole.unit)
    yield problem(relation, f"政府采购总额为{total.statement.value.text if total.statement.value else ''}，各项之和为{shown(added, whole.unit)}", *evidence,
                  expected=own_unit(case.doc, Amount(added, whole.unit, whole.digits)), actual=own_unit(case.doc, whole), figures=figures,
                  suggestion="核对总额和各项。", severity=softened(ERROR if len(told) == len(_PARTS) or added > whole.value else WARNING, total.statement.source.paragraph.ocr))


@rule(id="B002", title="面向中小企业预留的采购金额不合理", family="procurement", basis=("mof-2016-143",),
      example="面向中小企业预留120.00万元，其中小微企业150.00万元。", remedy="核对预留金额。")
def reserved(case: Case) -> Iterable[Outcome]:
    """预留给小微企业的金额不应大于预留给中小企业的金额；预算公开中，预留给中小企业的金额不应大于政府采购预算总额。"""
    told_of = narrative(case.doc)
    total = procurement_total(told_of)
    own = [t for t in told_of.of("procurement") if t.statement.value is not None and not t.statement.in_reason and re.search("预留", t.subject)]
    small = next((t for t in own if _SMALL.search(t.subject)), None)
    middle = next((t for t in own if _MIDDLE.search(t.subject) and t is not small), None)
    found = False
    if small is not None and middle is not None:
        found = True
        yield _at_most(case.doc, small, middle, "预留小微企业 ≤ 预留中小企业", ERROR)
    if middle is not None and total is not None and "决算" not in case.doc.kind:
        found = True
        yield _at_most(case.doc, middle, total, "预留中小企业 ≤ 政府采购总额", ERROR)
    if not found:
        yield not_run("预留小微企业 ≤ 预留中小企业 ≤ 政府采购总额", "没有写明面向中小企业预留的金额")


def _at_most(doc: Document, less: Told, more: Told, relation: str, severity: str) -> Outcome:
    one, two = _amount(less), _amount(more)
    evidence = (*_places(less), *_places(more, "source"))
    if one is None or two is None:
        return not_run(relation, "其中有不规范的数字", *evidence)
    if one.value <= two.to(one.unit).value + one.half:
        return passed(relation, *evidence)
    return problem(relation, f"“{less.label}”{shown(one.value, one.unit)}大于“{more.label}”{shown(two.value, two.unit)}", *evidence,
                   expected=f"不大于{shown(two.value, two.unit)}", actual=own_unit(doc, one), severity=softened(severity, less.statement.source.paragraph.ocr),
                   suggestion="核对两处金额。")


@rule(id="B003", title="中小企业中标金额之和超过采购总额", family="procurement", basis=("mof-2016-143",),
      example="采购总额15.60万元，预留项目中标15.60万元，其他项目中标又写15.60万元。", remedy="其他政府采购项目的金额不应再计预留项目，核对后改正。")
def won(case: Case) -> Iterable[Outcome]:
    """决算公开中，预留项目由中小企业中标的金额与其他项目由中小企业中标的金额互不重叠，两者之和不应超过政府采购总额。"""
    relation = "预留项目中标 + 其他项目中标 ≤ 政府采购总额"
    told_of = narrative(case.doc)
    total = procurement_total(told_of)
    winners = list(_winners(told_of))
    reserve = next((t for kind, t in winners if kind == "reserved"), None)
    other = next((t for kind, t in winners if kind == "other"), None)
    if total is None or reserve is None or other is None:
        yield not_run(relation, "没有写明中小企业中标、成交的金额")
        return
    one, two, whole = _amount(reserve), _amount(other), _amount(total)
    evidence = (*_places(other), *_places(reserve, "addend"), *_places(total, "source"))
    if one is None or two is None or whole is None:
        yield not_run(relation, "其中有不规范的数字", *evidence)
        return
    added = total_of([one, two], whole.unit)
    if added <= whole.value + one.half + two.half:
        yield passed(relation, *evidence)
        return
    yield problem(relation, f"预留项目中标{shown(one.value, one.unit)}与其他项目中标{shown(two.value, two.unit)}之和{shown(added, whole.unit)}，超过政府采购总额{shown(whole.value, whole.unit)}",
                  *evidence, expected=f"不大于{shown(max(whole.value - one.to(whole.unit).value, Decimal(0)), whole.unit)}", actual=own_unit(case.doc, two),
                  suggestion="核对“其他政府采购项目”的金额，不应重复计入预留项目。", severity=softened(ERROR, other.statement.source.paragraph.ocr))


def _winners(all_told: Narrative) -> Iterator[tuple[str, Told]]:
    for told in all_told.of("procurement"):
        s = told.statement
        if s.value is None:
            continue
        words = s.source.text[s.segment_start:s.value.start]
        if not re.search("中标|成交", words):
            continue
        if "其他政府采购" in words:
            yield "other", told
        elif "预留" in words and _MIDDLE.search(words):
            yield "reserved", told


@rule(id="B004", title="政府购买服务说明与附件、采购不符", family="procurement", severity=WARNING, basis=("mof-order-102",),
      example="说明写“无政府购买服务项目”，却附整份指导性目录。", remedy="注明所附目录是上级目录，或列出本单位的购买服务项目、目录代码和金额。")
def purchased_services(case: Case) -> Iterable[Outcome]:
    """“无政府购买服务”的说明应与所附目录和表相符；购买服务金额不应大于政府采购服务金额；引用指导性目录的，应写明目录代码和金额，目录内容应与本单位相称。"""
    found = False
    for outcome in (*_none_but_attached(case), *_more_than_bought(case), *_quoted(case)):
        found = True
        yield outcome
    if not found:
        yield not_run("政府购买服务的说明与附件相符", "没有政府购买服务的说明")


_NONE = re.compile(r"(?:无|没有|未安排|不涉及)(?:任何)?政府购买服务(?P<what>指导性目录|项目|预算|支出|事项)?")
_LEVEL = re.compile(r"(?P<level>[一二三四])级目录[:]?(?P<name>[^。;,]+)")


def _none_but_attached(case: Case) -> Iterator[Outcome]:
    catalogue = next((t for t in case.doc.tables if t.kind == "catalogue"), None)
    table = next((t for t in case.doc.tables if "购买服务" in t.title and t.kind != "catalogue" and not t.empty), None)
    for _, topic, source in narrative(case.doc).sources:
        match = _NONE.search(source.text) if topic == "service" else None
        if match is None:
            continue
        span = source.span(match.start(), match.end())
        words = tuple(Evidence(p.page, p.box, "", "政府购买服务", "说明", span.text, "actual", span.ocr) for p in span.places)
        relation = "“无政府购买服务”与附件、表格相符"
        if table is not None:
            yield problem(relation, f"说明称“{span.text}”，{table.id}“{table.title}”却有金额", *words, expected="表为空", actual=span.text, severity=WARNING)
        elif catalogue is not None:
            yield problem(relation, f"说明称“{span.text}”，其后却附指导性目录，没有说明两者关系", *words, expected="注明所附目录", actual=span.text, severity="info",
                          suggestion="注明所附为上级印发的指导性目录，或列出本单位适用的目录。")
        else:
            yield passed(relation, *words)


def _more_than_bought(case: Case) -> Iterator[Outcome]:
    told_of = narrative(case.doc)
    bought = next((t for t in told_of.of("procurement") if t.statement.value is not None and re.search("采购.*服务|服务.*采购", t.subject)
                   and not _MIDDLE.search(t.subject)), None)
    service = next((t for t in told_of.told if t.topic in ("service", "procurement", "other") and t.statement.value is not None and "购买服务" in t.subject), None)
    if bought is not None and service is not None:
        yield _at_most(case.doc, service, bought, "政府购买服务 ≤ 政府采购服务", WARNING)


def _quoted(case: Case) -> Iterator[Outcome]:
    """A catalogue entry quoted in the text: with code and amount, of a level of government that is the body's own."""
    name = case.doc.unit_name.value
    for section, topic, source in narrative(case.doc).sources:
        levels = list(_LEVEL.finditer(source.text)) if topic == "service" else []
        if len(levels) < 2:
            continue
        span = source.span(levels[0].start(), levels[-1].end())
        words = tuple(Evidence(p.page, p.box, "", "政府购买服务", "说明", span.text, "actual", span.ocr) for p in span.places)
        last = levels[-1].group("name").strip()
        faults = []
        if not re.search(r"[AB]\d{2,8}", source.text):
            faults.append("没有写目录代码")
        if not any(t.section is section for t in narrative(case.doc).told):
            faults.append("没有写预算金额")
        if re.match("省|自治区|中央", last) and not re.match(r".{2,8}?(?:省|自治区)(?!.*(?:市|县|区|镇|乡|街道))", name):
            faults.append(f"“{last}”与本单位的层级不符")
        relation = "引用的指导性目录完整、与本单位相称"
        if faults:
            yield problem(relation, f"政府购买服务说明引用目录“{last}”，{'，'.join(faults)}", *words, expected="目录代码、项目和金额", actual=last,
                          suggestion="按本单位实际的购买服务项目填写；没有的写明“无”。")
        else:
            yield passed(relation, *words)
