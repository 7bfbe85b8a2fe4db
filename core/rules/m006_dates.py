"""M006: dates that no calendar has."""
from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable

from core.results import WARNING, Outcome, not_run, passed, problem
from core.rules.base import Case, rule
from core.rules.passages import forms, narrative, notes, softened
from core.text import fold_with_map

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)年(\d{1,2})月(?:(\d{1,2})(?:日|号))?")


@rule(id="M006", title="日期不存在", family="metadata", basis=("mof-check-2017",),
      example="“截至2024年2月30日”。", remedy="核对并更正日期。")
def real_dates(case: Case) -> Iterable[Outcome]:
    """文中的日期应是日历上有的：月份 1 至 12，日数不超过当月天数。"""
    relation = "日期都存在"
    seen = wrong = False
    for passage in (*narrative(case.doc), *notes(case.doc), *forms(case.doc)):
        text, where = fold_with_map(passage.text)
        for hit in _DATE.finditer(text):
            seen = True
            year, month, day = int(hit.group(1)), int(hit.group(2)), int(hit.group(3) or 1)
            if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
                continue
            wrong = True
            why = "没有这个月份" if not 1 <= month <= 12 else f"{month} 月没有 {day} 日"
            start, end = where[hit.start()], where[hit.end() - 1] + 1
            yield problem(relation, f"日期“{hit.group()}”不存在：{why}", *passage.at(start, end), actual=hit.group(),
                          severity=softened("error" if passage.narrative else WARNING, passage.ocr), suggestion="更正日期。")
    if not seen:
        yield not_run(relation, "文中没有写到日的日期")
    elif not wrong:
        yield passed(relation)
