"""A made-up disclosure with everything the window can show: tables, narrative, checks of every outcome, findings, coverage."""
from __future__ import annotations

from dataclasses import replace

from core.model import Cell, Document, Page, Table, Word
from core.results import (
    BROKEN,
    FAIL,
    PASS,
    SKIPPED,
    Check,
    Coverage,
    Evidence,
    Finding,
    Result,
    of_cell,
    of_span,
)
from tests.builders import document, section, table, toc

FUNCTIONS = [["208", "社会保障和就业支出", "905.10", "705.10", "200.00"], ["20805", "行政事业单位养老支出", "705.10", "705.10", ""],
             ["20801", "人力资源和社会保障管理事务", "200.00", "", "200.00"], ["210", "卫生健康支出", "93.12", "93.12", ""],
             ["21011", "行政事业单位医疗", "93.12", "93.12", ""], ["221", "住房保障支出", "202.28", "202.28", ""],
             ["22102", "住房改革支出", "202.28", "202.28", ""]]
CHANGE = "2024年部门预算收入总计1200.50万元，比2023年增加112.36万元，增长10.33%，主要原因是人员增加。"
SPEND = "2024年部门预算支出总计1200.50万元，其中：基本支出1000.50万元，占83.34%；项目支出200.00万元，占16.66%。"
PUBLIC = "2024年“三公”经费财政拨款预算8.00万元，其中：公务接待费1.50万元，公务用车运行维护费6.50万元，与上年持平。"


def tables() -> list[Table]:
    total = ["", "合计", "1200.50", "1000.50", "200.00"]
    return [
        table("表一", [["一、一般公共预算", "1180.50", "一、社会保障和就业支出", "905.10", "885.10", "20.00"],
                     ["二、政府性基金预算", "", "二、卫生健康支出", "93.12", "93.12", ""], ["", "", "三、住房保障支出", "202.28", "202.28", ""],
                     ["本年收入合计", "1180.50", "本年支出合计", "1200.50", "1180.50", "20.00"], ["上年结转", "20.00", "", "", "", ""],
                     ["收入总计", "1200.50", "支出总计", "1200.50", "1180.50", "20.00"]], page=5),
        table("表二", [["", "合计", "1200.50", "1180.50", "", "", "", "", "20.00"],
                     ["208", "社会保障和就业支出", "905.10", "885.10", "", "", "", "", "20.00"]], page=6),
        table("表三", [total, *FUNCTIONS], page=7),
        table("表四", [["一、一般公共预算", "1180.50", "一、社会保障和就业支出", "905.10", "905.10", "", ""],
                     ["合计", "1180.50", "合计", "1200.50", "1200.50", "", ""]], page=8),
        table("表五", [total, *FUNCTIONS], page=9),
        table("表六", [["合计", "", "1000.05", "957.20", "42.85"], ["工资福利支出", "", "957.20", "957.20", ""],
                     ["基本工资", "工资奖金津补贴", "957.20", "957.20", ""], ["商品和服务支出", "", "42.85", "", "42.85"],
                     ["办公费", "办公经费", "42.85", "", "42.85"]], page=10),
        table("表八", [["", "", "", "", ""]], page=12, notes=("本部门无政府性基金预算支出，本表为空。",)),
        table("表十", [["合计", "8.00", "8.00", "", ""], ["公务接待费", "1.50", "1.50", "", ""], ["公务用车购置及运行费", "6.50", "6.50", "", ""]], page=14),
        table("表十一", [["合计", "52.68", "52.68", "", ""], ["示例县示例局", "52.68", "52.68", "", ""]], page=15),
        table("表十二", [["合计", "200.00", "200.00", "", "", "", ""], ["示例服务项目", "120.00", "120.00", "", "", "", ""],
                      ["示例设施维护", "80.00", "80.00", "", "", "", ""]], page=16),
    ]


def demo_document() -> Document:
    made = tables()
    sections = [
        section("一、部门预算收支变动情况及原因", CHANGE, role="change_note", id="3.1", page=20),
        section("三、支出预算情况说明", SPEND, role="expenditure_note", id="3.3", page=21),
        section("七、“三公”经费增减变动原因说明", PUBLIC, role="three_public_note", id="3.7", page=22),
    ]
    contents = toc(*[(s.title, str(s.page - 2)) for s in sections])
    doc = document(made, sections, contents, pages=24)
    return replace(doc, pages=tuple(with_words(doc, page) for page in doc.pages))


def with_words(doc: Document, page: Page) -> Page:
    """The page with the print of its tables and paragraphs."""
    words = []
    for made in doc.tables:
        for row in (*made.header, *made.rows):
            words += [Word(c.text, c.place.box) for c in row if c and c.text and c.place and c.place.box and c.place.page == page.number]
        if made.title_span and made.title_span.place and made.title_span.place.page == page.number and made.title_span.place.box:
            words.append(Word(made.title_span.text, made.title_span.place.box))
    for _, paragraph in doc.paragraphs():
        if paragraph.page == page.number:
            words += [Word(text, box) for text, (_, box) in zip(paragraph.text, paragraph.chars, strict=True) if box is not None]
    return replace(page, words=tuple(words))


def at(doc: Document, table_id: str, row: str, column: str, role: str = "actual") -> Evidence:
    found = doc.table(table_id)
    assert found is not None
    line = next(o for o in found.lines if row in (o.name, o.code) and column in o.cells)
    cell: Cell = line.cells[column]
    return of_cell(cell, table_id, line.label, column, role)


def said(doc: Document, section_id: str, text: str, role: str = "actual") -> tuple[Evidence, ...]:
    part = next(s for s in doc.sections if s.id == section_id)
    paragraph = part.paragraphs[0]
    start = paragraph.text.index(text)
    return of_span(paragraph.span(start, start + len(text)), role, row=part.title)


def demo_checks(doc: Document) -> tuple[Check, ...]:
    def ok(rule: str, relation: str, *evidence: Evidence, family: str = "cross_table", figures: str = "") -> Check:
        return Check(rule, relation, PASS, "", figures, family, evidence)

    checks = [
        ok("X101", "表一[收入总计].收入 = 表二[合计].合计", at(doc, "表一", "收入总计", "收入"), at(doc, "表二", "合计", "合计", "expected"), figures="1200.50 = 1200.50"),
        ok("X102", "表一[支出总计].支出合计 = 表三[合计].合计", at(doc, "表一", "支出总计", "支出合计"), at(doc, "表三", "合计", "合计", "expected"),
           figures="1200.50 = 1200.50"),
        ok("X103", "表二[合计].合计 = 表三[合计].合计", at(doc, "表二", "合计", "合计"), at(doc, "表三", "合计", "合计", "expected"), figures="1200.50 = 1200.50"),
        ok("X104", "表四[合计].支出合计 = 表五[合计].合计", at(doc, "表四", "合计", "支出合计"), at(doc, "表五", "合计", "合计", "expected"),
           figures="1200.50 = 1200.50"),
        ok("X106", "表三[合计].项目支出 = 表十二[合计].合计", at(doc, "表三", "合计", "项目支出"), at(doc, "表十二", "合计", "合计", "expected"),
           figures="200.00 = 200.00"),
        ok("S201", "表三[合计].合计 = 求和(下级.合计)", at(doc, "表三", "合计", "合计"), at(doc, "表三", "208", "合计", "addend"),
           at(doc, "表三", "210", "合计", "addend"), at(doc, "表三", "221", "合计", "addend"), family="arithmetic",
           figures="1200.50 = 905.10 + 93.12 + 202.28"),
        ok("N101", "情况说明 收入总计 = 表一[收入总计].收入", *said(doc, "3.1", "1200.50"), at(doc, "表一", "收入总计", "收入", "expected"), family="narrative",
           figures="1200.50 = 1200.50"),
        ok("N102", "情况说明 支出总计 = 表三[合计].合计", *said(doc, "3.3", "1200.50"), at(doc, "表三", "合计", "合计", "expected"), family="narrative",
           figures="1200.50 = 1200.50"),
        ok("N103", "情况说明 基本支出 = 表三[合计].基本支出", *said(doc, "3.3", "1000.50"), at(doc, "表三", "合计", "基本支出", "expected"), family="narrative",
           figures="1000.50 = 1000.50"),
        ok("N104", "情况说明 “三公”经费 = 表十[合计].合计", *said(doc, "3.7", "8.00"), at(doc, "表十", "合计", "合计", "expected"), family="narrative",
           figures="8.00 = 8.00"),
        Check("X105", "表六[合计].合计 = 表五[合计].基本支出", FAIL, "", "1000.05 ≠ 1000.50", "cross_table",
              (at(doc, "表六", "合计", "合计"), at(doc, "表五", "合计", "基本支出", "expected"))),
        Check("X131", "表十一[合计].合计 ≤ 表六[合计].公用经费", FAIL, "", "52.68 > 42.85", "cross_table",
              (at(doc, "表十一", "合计", "合计"), at(doc, "表六", "合计", "公用经费", "expected"))),
        Check("N105", "情况说明 增长 = 增加额 ÷ 上年", FAIL, "", "10.33% ≠ 10.32%", "percent", said(doc, "3.1", "10.33%")),
        Check("X108", "表八[合计].合计 = 表四[合计].政府性基金预算", SKIPPED, "表八为空表", "", "cross_table"),
        Check("Y101", "与上年公开文件比对：收入总计", SKIPPED, "未打开 2023 年度文件", "", "cross_document"),
        Check("Y102", "与上年公开文件比对：支出总计", SKIPPED, "未打开 2023 年度文件", "", "cross_document"),
        Check("C009", "科目编码与名称相符", BROKEN, "规则运行出错：KeyError('208')", "", "codes"),
        Check("F001", "13 张报表齐全，空表有说明", PASS, "", "", "structure"),
        Check("F002", "功能分类列到项级", PASS, "", "", "structure"),
        Check("F003", "“三公”经费有分项与增减说明", PASS, "", "", "structure"),
        Check("F004", "政府采购情况已说明", FAIL, "", "", "structure"),
        Check("F005", "目录页码与正文一致", SKIPPED, "目录没有页码", "", "structure"),
    ]
    return tuple(checks)


def demo_result() -> Result:
    doc = demo_document()
    checks = demo_checks(doc)
    by_rule = {c.rule: c for c in checks}
    findings = (
        Finding("X105", "cross_table", "error", "表六合计与表五基本支出不一致", "基本支出分经济科目表合计应等于一般公共预算支出表的基本支出。", by_rule["X105"].evidence,
                by_rule["X105"].relation, "1000.50", "1000.05", "-0.45", "1000.05 ≠ 1000.50", "核对表六合计", "预算法第四十六条"),
        Finding("X131", "cross_table", "warning", "机关运行经费大于公用经费", "机关运行经费通常不大于公用经费。", by_rule["X131"].evidence, by_rule["X131"].relation,
                "42.85", "52.68", "9.83"),
        Finding("N105", "percent", "error", "增长率与增加额不符", "按增加额计算应为 10.32%。", by_rule["N105"].evidence, by_rule["N105"].relation,
                "10.32%", "10.33%", "0.01%"),
        Finding("F004", "structure", "warning", "没有政府采购情况说明", "没有找到“政府采购情况”一节。", (), by_rule["F004"].relation),
    )
    parts = (("表一", 17, 17), ("表二", 5, 5), ("表三", 19, 19), ("表四", 6, 4), ("表五", 19, 19), ("表六", 10, 8), ("表十", 6, 6), ("表十一", 4, 2),
             ("表十二", 6, 6), ("情况说明", 9, 7))
    cells = frozenset((t.id, c.row, c.column) for t in doc.tables if t.id in ("表一", "表二", "表三", "表五") for _, _, c in t.amount_cells())
    coverage = Coverage(sum(p[1] for p in parts), sum(p[2] for p in parts), parts, cells)
    return Result(doc, findings, checks, coverage)
