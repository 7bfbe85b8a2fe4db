"""F050–F051: what a template leaves behind when it is not filled in to the end."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.results import ERROR, INFO, WARNING, Outcome, not_run, of_span, passed, problem
from core.rules.base import Case, rule
from core.rules.f001_parts import BLANK
from core.rules.passages import Passage, forms, is_blank_template, names, narrative, notes, softened

_TEXT = (
    ("占位符", re.compile(r"(?<![0-9A-Za-z*＊])(?:[XxＸｘ]{2,}|×{2,})(?![0-9A-Za-z])|[_＿]{3,}|〇{3,}"), ERROR),
    ("未选定增减方向", re.compile(r"(?:增加|减少|增长|下降|上升|降低|高于|低于|大于|小于)[（(](?:或)?(?:增加|减少|增长|下降|上升|降低|高于|低于|大于|小于|持平)[）)]"), ERROR),
    ("填写说明未删除", re.compile(r"仍保留该表格式(?:[，,]?并在本表下方作下述说明)?|并在本表下方作下述说明|如持平作持平表述|不涉及的不列|请(?:据实|如实|自行|根据实际情况)(?:填列|填写)|"
                          r"由(?:主管)?(?:部门|单位)根据[^。]{0,30}填写|[（(](?:请)?(?:填写|填列|此处填)[^）)]{0,20}[）)]|此处(?:填写|填列|插入|粘贴)|"
                          r"(?:可|应)根据(?:本?部门|本?单位)实际(?:情况)?(?:修改|删减)"), ERROR),
    ("原因没有填写", re.compile(r"(?:主要)?原因(?:是|为|：|:)(?:：|:)?\s*(?=[。；;，,])"), ERROR),
    ("日期没有填写", re.compile(r"(?:[XxＸｘ×]{1,4}年)?[XxＸｘ×]{1,2}月[XxＸｘ×]{1,2}日|(?<!\d)\s{1,6}月\s{1,6}日"), ERROR),
)
_MASKED = re.compile(r"[\d*][XxＸｘ×]{2,}|[XxＸｘ×]{2,}[\d*]")
_FORM = tuple(x for x in _TEXT if x[0] in ("占位符", "日期没有填写", "填写说明未删除"))


def _hits(passage: Passage, patterns: Iterable[tuple[str, re.Pattern[str], str]]) -> Iterator[tuple[str, int, int, str]]:
    taken: list[tuple[int, int]] = []
    for kind, pattern, severity in reversed(list(patterns)):
        for hit in pattern.finditer(passage.text):
            start, end = hit.span()
            if any(start < e and s < end for s, e in taken):
                continue
            if kind == "占位符" and _MASKED.search(passage.text[max(0, start - 1):end + 1]):
                continue
            taken.append((start, end))
            yield kind, start, end, severity


def _found(case: Case) -> Iterator[tuple[str, Passage, int, int, str]]:
    for passage in (*narrative(case.doc), *notes(case.doc)):
        for kind, start, end, severity in _hits(passage, _TEXT):
            yield kind, passage, start, end, severity
    for passage in (*names(case.doc), *forms(case.doc)):
        for kind, start, end, _ in _hits(passage, _FORM):
            yield kind, passage, start, end, WARNING


@rule(id="F050", title="模板内容没有填完或删净", family="structure", basis=("mof-check-2017", "template"),
      example="“比上年增加（减少）XX万元，主要原因是。”", remedy="按实际情况填写，删去占位符和填写说明。")
def residue(case: Case) -> Iterable[Outcome]:
    """公开稿中不应留有模板的占位符（XX、××）、未选定的“增加（减少）”、填写说明，以及没有写完的“主要原因是。”。同一种残留合并为一条，注明处数。以 X 遮盖的号码不算。"""
    relation = "模板内容已填完、删净"
    if is_blank_template(case.doc):
        yield not_run(relation, BLANK)
        return
    wrong = False
    for kind, passage, start, end, severity in _found(case):
        wrong = True
        text = passage.text[start:end].strip() or passage.text[start:end]
        yield problem(relation, f"{kind}：“{passage.around(start, end)}”", *passage.at(start, end), actual=text,
                      severity=softened(severity, passage.ocr), suggestion="按实际填写或删去。",
                      group=f"{kind}-{'form' if severity == WARNING else 'text'}")
    for section in case.doc.sections:
        for hit in _TEXT[0][1].finditer(section.title):
            wrong = True
            yield problem(relation, f"标题中有占位符：“{section.title}”", *of_span(section.span), actual=hit.group(), suggestion="填入实际名称。",
                          group="占位符-text")
    if not wrong:
        yield passed(relation)


@rule(id="F051", title="空白模板，尚未填报", family="structure", severity=INFO, basis=("template",),
      example="全文是“上海市XX局”“XXX万元”，各表没有数据。", remedy="填写后再检查；如误选了文件，换成公开稿。")
def blank_template(case: Case) -> Iterable[Outcome]:
    """通篇占位符而各表没有数据的文件，是待填的模板，不是公开稿。只提示这一条，不逐处报错。"""
    relation = "是填好的公开稿"
    if not case.doc.tables and not case.doc.sections:
        yield not_run(relation, "没有识别出任何内容")
    elif is_blank_template(case.doc):
        first = next((p for p in narrative(case.doc) if _TEXT[0][1].search(p.text)), None)
        yield problem(relation, "这是一份空白模板，占位符没有填写、各表没有数据，未逐条检查", *(first.at() if first else of_span(case.doc.unit_name.span)),
                      suggestion="填报后再检查。")
    else:
        yield passed(relation)
