"""Results in memory for exports, batch and command line."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from core.model import Document
from core.results import BROKEN, FAIL, PASS, SKIPPED, Check, Coverage, Evidence, Finding, Result, of_cell
from core.review import Entry
from tests.builders import document, section, table


def sample_document(**more: Any) -> Document:
    expenditure = table("表三", [
        ["合计", "", "1,300.50", "800.50", "500.00"],
        ["205", "教育支出", "1,300.50", "800.50", "500.00"],
        ["20502", "普通教育", "1300.50", "800.50", "500.00"],
        ["2050201", "=HYPERLINK(1)", "1300.5", "800.5", "500"],
    ], notes=["注：本表含上年结转。"])
    general = table("表五", [["合计", "", "1200.00", "700.00", "500.00"]], page=7)
    return document([expenditure, general], [section("一、预算收支数据变动情况及原因", "2024年预算1300.50万元。")], **more)


def sample_result(**more: Any) -> Result:
    """One error with a cell to point at, one warning without any place, one finding whose values are codes; checks of every status."""
    doc = sample_document(**more)
    wrong = doc.table("表三").line("合计")
    other = doc.table("表五").line("合计")
    findings = (
        Finding("X101", "cross_table", "error", "合计两表不一致", "表三合计与表五合计不一致 <b>", (
            of_cell(wrong.cells["合计"], "表三", "合计", "合计"), of_cell(other.cells["合计"], "表五", "合计", "合计", "expected")),
            "表三[合计].合计 = 表五[合计].合计", "1200.00", "1300.50", "100.50", "1300.50 = 1200.00", "请核对两表。", "《预算法》第四十六条"),
        Finding("F001", "structure", "warning", "缺少名词解释", "没有找到“名词解释”。", (), "第四部分 名词解释"),
        Finding("C004", "codes", "error", "科目编码不存在", "编码 20502 应为 0205。", (Evidence(5, (50.0, 130.0, 110.0, 145.0), "表三", "20502 普通教育",
                "科目编码", "20502", "actual", False, (4, 0)),), "编码", "0205", "20502"),
    )
    checks = (
        Check("X101", "表三[合计].合计 = 表五[合计].合计", FAIL, "", "1300.50 = 1200.00", "cross_table", findings[0].evidence),
        Check("S201", "表三 类 = Σ款", PASS, "", "1300.50 = 1300.50", "arithmetic"),
        Check("S202", "表七 合计", SKIPPED, "没有表七", "", "arithmetic"),
        Check("N001", "文字 = 表三", BROKEN, "ZeroDivisionError: division by zero", "", "narrative"),
    )
    return Result(doc, findings, checks, Coverage(15, 9, (("表三", 12, 9), ("表五", 3, 0))),
                  {"read": 1.23456, "check": 0.5, "total": 1.73456})


def sample_entry(path: str = "示例.pdf", **more: Any) -> Entry:
    result = sample_result()
    return Entry(Path(path), result, sha256=result.document.sha256, **more)


def failed_entry(path: str = "坏.pdf") -> Entry:
    return Entry(Path(path), error="文件已加密，请先取得密码。", sha256="ab" * 32)
