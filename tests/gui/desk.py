"""A made-up disclosure with findings, as a Result and as a PDF whose print stands exactly where the cells say."""
from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from core.model import Document
from core.results import FAIL, PASS, Check, Coverage, Evidence, Finding, Result, not_run, of_cell, of_span
from tests.builders import document, section, table

WIDE, HIGH = 595.0, 842.0
ROWS5 = [
    ["合计", "", "4345.68", "1030.05", "3315.63"],
    ["208", "社会保障和就业支出", "3926.81", "611.18", "3315.63"],
    ["20801", "人力资源和社会保障管理事务", "3800.00", "484.37", "3315.63"],
    ["2080101", "行政运行", "484.37", "484.37", ""],
    ["2080199", "其他人力资源事务支出", "3315.63", "", "3315.63"],
    ["20805", "行政事业单位养老支出", "126.81", "126.81", ""],
    ["2080505", "机关事业单位基本养老保险缴费支出", "84.54", "84.54", ""],
    ["2080506", "机关事业单位职业年金缴费支出", "42.27", "42.27", ""],
    ["210", "卫生健康支出", "193.12", "193.12", ""],
    ["21011", "行政事业单位医疗", "193.12", "193.12", ""],
    ["2101101", "行政单位医疗", "193.12", "193.12", ""],
    ["221", "住房保障支出", "225.75", "225.75", ""],
    ["22102", "住房改革支出", "225.75", "225.75", ""],
    ["2210201", "住房公积金", "225.75", "225.75", ""],
]
ROWS6 = [
    ["合计", "", "1030.05", "987.20", "42.85"],
    ["工资福利支出", "", "962.12", "962.12", ""],
    ["基本工资", "工资奖金津补贴", "378.20", "378.20", ""],
    ["津贴补贴", "工资奖金津补贴", "91.82", "91.82", ""],
    ["绩效工资", "工资福利支出", "224.36", "224.36", ""],
    ["机关事业单位基本养老保险缴费", "社会保障缴费", "104.54", "104.54", ""],
    ["住房公积金", "住房公积金", "163.20", "163.20", ""],
    ["商品和服务支出", "", "42.85", "", "42.85"],
    ["办公费", "商品和服务支出", "22.40", "", "22.40"],
    ["印刷费", "办公经费", "7.80", "", "7.80"],
    ["差旅费", "商品和服务支出", "12.65", "", "12.65"],
    ["对个人和家庭的补助", "", "25.08", "25.08", ""],
]


def made_document(path: Path = Path("示例.pdf")) -> Document:
    tables = (
        table("表一", [["一、一般公共预算", "4345.68", "一、社会保障和就业支出", "3926.81", "3926.81", ""],
                     ["", "", "二、卫生健康支出", "193.12", "193.12", ""], ["", "", "三、住房保障支出", "225.75", "225.75", ""],
                     ["本年收入合计", "4345.68", "本年支出合计", "4345.68", "4345.68", ""]], page=1),
        table("表三", ROWS5, page=2), table("表五", ROWS5, page=3), table("表六", ROWS6, page=4),
        table("表十", [["合计", "5.00", "5.00", "", ""], ["公务接待费", "1.00", "1.00", "", ""], ["公务用车运行维护费", "4.00", "4.00", "", ""]], page=5),
    )
    sections = (section("一、部门预算收支情况说明", "2024年部门收入预算4345.68万元，比上年增加120.00万元，主要是人员经费增加。", page=6),
                section("二、机关运行经费情况", "2024年机关运行经费52.68万元，比上年减少3.10万元。", id="3.2", page=7))
    made = document(tables, sections, pages=7, template_id="shanxi-budget")
    return Document(**{**{f: getattr(made, f) for f in made.__dataclass_fields__}, "path": str(path),
                       "sha256": hashlib.sha256(str(path).encode()).hexdigest()})


def cell(doc: Document, name: str, row: int, column: int, role: str = "actual") -> Evidence:
    """Evidence for a body cell of a table."""
    found = doc.table(name)
    assert found is not None
    printed = found.rows[row][column]
    assert printed is not None
    line = next((o for o in found.lines if o.index == row), None)
    head = next((c for c in found.columns if c.index == column), None)
    return of_cell(printed, name, line.label if line else "", head.key if head else "", role)


def result_for(path: Path = Path("示例.pdf"), many: int = 0) -> Result:
    """Findings of every severity, a hand-made sum relation for each 类, and coverage; `many` adds that many small findings."""
    doc = made_document(path)
    text = doc.sections[1].paragraphs[0]
    findings = [
        Finding("X105", "cross_table", "error", "表六合计与表五基本支出不一致", "基本支出分经济科目表合计应等于一般公共预算支出表基本支出。",
                (cell(doc, "表六", 0, 2), cell(doc, "表五", 0, 2, "expected")), "表六[合计].合计 = 表五[合计].基本支出", "4345.68", "1030.05",
                "-3315.63", "1030.05 ≠ 4345.68", "核对表六是否漏列项目支出。", "预算法第四十六条；预算法实施条例第六条", 1,
                ("差额 3315.63 等于表五合计的项目支出",)),
        Finding("S201", "arithmetic", "error", "各科目之和不等于合计", "商品和服务支出各款之和为 42.85，对个人和家庭的补助 25.08 未计入合计。",
                (cell(doc, "表六", 0, 3), *(cell(doc, "表六", r, 3, "addend") for r in (1, 11))), "表六[合计].人员经费 = 求和(下级.人员经费)",
                "987.20", "987.20", "0.00", "962.12 + 25.08 = 987.20"),
        Finding("X131", "cross_table", "warning", "机关运行经费大于表六公用经费", "行政单位公用经费应不小于机关运行经费。",
                (cell(doc, "表六", 0, 4), *of_span(text.span(5, 20), "source")), "表六[合计].公用经费 ≥ 文字.机关运行经费", "52.68", "42.85", "-9.83"),
        Finding("N204", "narrative", "error", "文字与表格金额不一致", "收入预算增加额应为 100.00。",
                of_span(doc.sections[0].paragraphs[0].span(19, 32)), "", "100.00", "120.00", "20.00"),
        Finding("C301", "codes", "info", "科目名称与目录略有不同", "2080199 的名称在 2024 年目录中为“其他人力资源和社会保障管理事务支出”。",
                (cell(doc, "表五", 4, 1),), "", "其他人力资源和社会保障管理事务支出", "其他人力资源事务支出"),
        Finding("F001", "structure", "info", "目录没有页码", "目录中有 3 行没有页码。", ()),
    ]
    findings += [Finding(f"S3{n:02d}", "arithmetic", ("error", "warning", "info")[n % 3], f"第 {n + 1} 个小问题", f"说明 {n + 1}",
                         (cell(doc, "表五", n % 14, 2 + n % 2),), ordinal=n) for n in range(many)]
    checks = [
        Check("S201", "表五[合计].合计 = 求和(类.合计)", PASS, "", "3926.81 + 193.12 + 225.75 = 4345.68", "arithmetic",
              (cell(doc, "表五", 0, 2), *(cell(doc, "表五", r, 2, "addend") for r in (1, 8, 11)))),
        Check("S201", "表六[工资福利支出].合计 = 求和(下级.合计)", PASS, "", "", "arithmetic",
              (cell(doc, "表六", 1, 2), *(cell(doc, "表六", r, 2, "addend") for r in range(2, 7)))),
        Check("X105", "表六[合计].合计 = 表五[合计].基本支出", FAIL, "", "1030.05 ≠ 4345.68", "cross_table",
              (cell(doc, "表六", 0, 2), cell(doc, "表五", 0, 2, "expected"))),
        *(Check("S101", f"表五[{r}].合计 = 基本支出 + 项目支出", PASS, "", "", "arithmetic", (cell(doc, "表五", r, 2), cell(doc, "表五", r, 3, "addend")))
          for r in range(14)),
    ]
    skipped = not_run("与上年公开文件比对", "未打开 2023 年度文件")
    checks += [Check("Y101", skipped.relation, skipped.status, skipped.reason, family="cross_document")]
    verified = frozenset((e.table, *e.cell) for c in checks if c.status == PASS for e in c.evidence if e.cell)
    return Result(doc, tuple(findings), tuple(checks), Coverage(120, len(verified), (), verified), {"total": 1.2})


def write_pdf(doc: Document, path: Path, rotate: int = 0, crop: tuple[float, float, float, float] | None = None) -> None:
    """Prints every cell, title and paragraph where the document says it stands, as it is shown.

    With `rotate` or `crop` (left, bottom, right, top margins) the page is written so that after /Rotate and inside the crop box it
    looks just the same.
    """
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=(WIDE, HIGH))
    for page in range(1, len(doc.pages) + 1):
        canvas.setFont("STSong-Light", 9)
        for found in doc.tables:
            for row in (*found.header, *found.rows):
                for printed in row:
                    if printed is not None and printed.place and printed.place.page == page and printed.place.box:
                        left, top, right, bottom = printed.place.box
                        canvas.rect(left, HIGH - bottom, right - left, bottom - top)
                        size = min(9.0, (right - left - 2) / max(1, len(printed.text)) * (1.9 if printed.text.isascii() else 1.0))
                        canvas.setFont("STSong-Light", max(3.0, size))
                        canvas.drawString(left + 1.5, HIGH - bottom + 4, printed.text)
            if found.title_span and found.page == page:
                canvas.setFont("STSong-Light", 14)
                canvas.drawString(120, HIGH - 75, found.title)
        for part in doc.sections:
            canvas.setFont("STSong-Light", 10)
            if part.page == page:
                canvas.drawString(50, HIGH - 94, part.title)
            for paragraph in part.paragraphs:
                for char, (where, box) in zip(paragraph.text, paragraph.chars, strict=True):
                    if where == page and box:
                        canvas.drawString(box[0], HIGH - box[3] + 2, char)
        canvas.showPage()
    canvas.save()
    if rotate or crop:
        _turn(path, rotate, crop or (0, 0, 0, 0))


def _turn(path: Path, rotate: int, margins: tuple[float, float, float, float]) -> None:
    import pikepdf
    left, bottom, right, top = margins
    cos_sin = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[rotate]
    shift = {0: (0, 0), 90: (HIGH, 0), 180: (WIDE, HIGH), 270: (0, WIDE)}[rotate]
    wide, high = (HIGH, WIDE) if rotate % 180 else (WIDE, HIGH)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for page in pdf.pages:
            matrix = " ".join(map(str, (*cos_sin, shift[0] + left, shift[1] + bottom)))
            page.contents_add(f"q {matrix} cm\n".encode(), prepend=True)
            page.contents_add(b"\nQ")
            page.MediaBox = [0, 0, wide + left + right, high + bottom + top]
            page.CropBox = [left, bottom, left + wide, bottom + high]
            page.Rotate = rotate
        pdf.save(path)


class StillReader(QObject):
    """A reader that gives the made result a moment later."""

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    many = 20

    def __init__(self, path: Path, options: object) -> None:
        super().__init__()
        self.path = path
        self.stopped = False

    def start(self) -> None:
        QTimer.singleShot(0, self._give)

    def _give(self) -> None:
        if not self.stopped:
            self.progressed.emit(1, 2, "识别表格")
            self.succeeded.emit(result_for(self.path, self.many))

    def cancel(self) -> None:
        self.stopped = True
