"""N010: 无“三公”经费, 无政府性基金 and the like in the text, against the table being empty or not."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from core.model import Table
from core.narrative.binding import FIRST, locate
from core.narrative.facts import narrative
from core.narrative.lexer import Folded
from core.results import ERROR, Evidence, Outcome, not_run, of_cell, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import softened

_SUBJECTS = (
    ("three_public", "“三公”经费", re.compile(r'(?:无|没有|未安排|不涉及)(?:财政拨款)?(?:安排)?(?:的)?"?三公"?经费')),
    ("operating", "机关运行经费", re.compile(r"(?:无|没有|未安排|不涉及)(?:财政拨款)?(?:安排)?(?:的)?机关运行经费")),
    ("fund", "政府性基金预算", re.compile(r"(?:无|没有|未安排|不涉及)(?:使用)?政府性基金")),
    ("capital", "国有资本经营预算", re.compile(r"(?:无|没有|未安排|不涉及)(?:使用)?国有资[本产]经营预算")),
)
_CONDITION = re.compile(r"[^,。;]{0,30}的(?:部门|单位)?[,，]|[^,。;]{0,30}的部门")
_OF_OTHERS = re.compile(r"事业单位|(?:所|下)属|二级(?:预算)?单位")
"""Words before it that make the sentence speak of some of the bodies only."""
_NOTED = {"three_public": "three_public", "operating": "operating", "fund": "fund", "capital": "capital"}


@rule(id="N010", title="文字称“无”而表中有数", family="narrative", basis=("mof-2016-143",),
      example="说明写“本部门无机关运行经费”，机关运行经费表合计为36.40万元。", remedy="核对后更正说明或表格。")
def nothing(case: Case) -> Iterable[Outcome]:
    """说明写“无‘三公’经费”“无机关运行经费”“无政府性基金预算”等的，对应的表应为空表。"""
    found = False
    for section, topic, source in narrative(case.doc).sources:
        if topic in ("", "service"):
            continue
        for role, name, pattern in _SUBJECTS:
            match = pattern.search(source.text)
            if match is None or _CONDITION.match(source.text, match.end()) or _OF_OTHERS.search(re.split("[。;]", source.text[:match.start()])[-1]):
                continue
            if topic not in (_NOTED[role], "notes", "other", "appropriation", "general", "fund", "capital"):
                continue
            found = True
            yield _against(case, source, match, role, name, section.title)
    if not found:
        yield not_run("文字称“无”的，表为空表", "文字没有写“无‘三公’经费”等")


def _against(case: Case, source: Folded, match: re.Match[str], role: str, name: str, title: str) -> Outcome:
    relation = f"“无{name}”（{title}）= 空表"
    span = source.span(match.start(), match.end())
    words = tuple(Evidence(p.page, p.box, "", name, "说明", span.text, "actual", span.ocr) for p in span.places)
    table = case.doc.table(role) or (case.doc.table("three_public") if role == "operating" else None)
    if table is None:
        return not_run(relation, f"未识别到{name}的表", *words)
    filled = list(_filled(table, role))
    if not filled:
        return passed(relation, *words)
    first = filled[0]
    return problem(relation, f"说明称“{span.text}”，{table.id}却有金额（{first.row}{first.text}{table.amount_unit}）", *words, *filled[:3], expected="表为空",
                   actual=first.text, severity=softened(ERROR, span.ocr), suggestion="核对后更正说明或表格。")


def _filled(table: Table, role: str) -> Iterator[Evidence]:
    """The amounts that contradict: for 机关运行经费 in a joint table its own column, for 三公 all but that column."""
    if role == "operating" and table.role != "operating":
        bound = locate(table, FIRST, ("机关运行经费",))
        if bound is not None and bound.cell is not None and bound.amount is not None and bound.amount.value:
            yield bound.evidence("source")
        return
    for line, column, cell in table.amount_cells():
        if role == "three_public" and column.key == "机关运行经费":
            continue
        if cell.amount is not None and cell.amount.value != Decimal(0):
            yield of_cell(cell, table.id, line.label, column.label, "source")
