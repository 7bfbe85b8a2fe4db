"""What workbook, report and command line say alike of a result: the verdict, the facts, the words for each state."""
from __future__ import annotations

from collections.abc import Sequence

from core.model import PageId
from core.results import BROKEN, ERROR, FAIL, INFO, PASS, SKIPPED, WARNING, Evidence, Result

SEVERITIES = {ERROR: "错误", WARNING: "警告", INFO: "提示"}
MARKS = {ERROR: "■ 错误", WARNING: "▲ 警告", INFO: "● 提示"}
STATUSES = {PASS: "通过", FAIL: "不符", SKIPPED: "未运行", BROKEN: "规则出错"}
STATUS_MARKS = {FAIL: "✗ 不符", BROKEN: "! 规则出错", SKIPPED: "○ 未运行", PASS: "✓ 通过"}


def verdict_of(result: Result) -> str:
    """The one-glance answer. What could not be checked is said in the same breath."""
    errors, warnings = result.count(ERROR), result.count(WARNING)
    if errors:
        said = f"发现错误 {errors} 处" + (f"、警告 {warnings} 处" if warnings else "")
    else:
        said = f"未发现错误，有警告 {warnings} 处需要判断" if warnings else "未发现错误"
    open_ends = []
    if not_run := result.status_count(SKIPPED):
        open_ends.append(f"{not_run} 项核对未运行")
    if broken := result.status_count(BROKEN):
        open_ends.append(f"{broken} 项核对出错")
    if unread := len(result.document.unread_pages):
        open_ends.append(f"{unread} 页未读")
    return said + (f"；检查不完整：{'，'.join(open_ends)}" if open_ends else "")


def summary_facts(result: Result) -> list[tuple[str, str | int]]:
    """Label and value of what the document is and what was checked in it."""
    doc, coverage = result.document, result.coverage
    return [
        ("单位", doc.unit_name.value), ("类型", doc.kind), ("年度", doc.year or ""), ("金额单位", doc.amount_unit),
        ("模板", f"{doc.template}（{doc.template_reason}）"), ("页数", len(doc.pages)), ("表格", len(doc.tables)),
        ("识别扫描页", pages_text(doc.ocr_pages)), ("未读的页", pages_text(doc.unread_pages)),
        *((SEVERITIES[s], result.count(s)) for s in SEVERITIES),
        ("核对通过", result.status_count(PASS)), ("核对不符", result.status_count(FAIL)), ("核对未运行", result.status_count(SKIPPED)),
        ("规则出错", result.status_count(BROKEN)), ("金额", coverage.amounts), ("已核对金额", coverage.verified),
    ]


def pages_text(pages: Sequence[int]) -> str:
    return "、".join(map(str, pages)) or "无"


def page_text(page: PageId | None) -> str:
    return "" if not page else f"第 {page} 页" if isinstance(page, int) else page


def place_text(evidence: Evidence) -> str:
    """A place as people say it: 第 13 页 表六 “合计” “基本支出”."""
    return " ".join(part for part in (page_text(evidence.page), evidence.table, f"“{evidence.row}”" if evidence.row else "",
                                      f"“{evidence.column}”" if evidence.column else "") if part)
