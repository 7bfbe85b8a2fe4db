"""The findings workbook, read back."""
from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core.exports.files import TargetBusy
from core.exports.workbook import FINDING_COLUMNS, as_number, put_text, write_workbook
from core.model import Table
from core.numbers import show
from core.review import Entry
from core.review_file import Verdict
from core.rules.base import Rule
from tests.exports.samples import failed_entry, sample_entry

RULE = Rule("X101", "合计两表不一致", "cross_table", "error", lambda case: (), "两表合计应当相等。", basis=("budget-law-46",), formula="表三[合计].合计 = 表五[合计].合计")


def made(tmp_path: Path, *entries: Entry, rules: tuple[Rule, ...] = (RULE,)) -> Any:
    target = tmp_path / "问题.xlsx"
    write_workbook(target, entries, rules)
    return load_workbook(target)


def rows(sheet: Any) -> list[dict[str, Any]]:
    head, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


def test_it_has_the_sheets_and_the_columns(tmp_path: Path) -> None:
    book = made(tmp_path, sample_entry())
    assert book.sheetnames == ["汇总", "问题清单", "核对关系", "规则说明", "表三", "表五"]
    assert tuple(c.value for c in book["问题清单"][1]) == FINDING_COLUMNS
    assert FINDING_COLUMNS[:18] == ("规则编号", "级别", "类别", "页", "表", "行", "列", "问题", "应为", "实为", "差额", "建议", "依据", "裁定", "理由", "备注", "审核人", "时间")


def test_amounts_are_numbers_and_codes_are_text(tmp_path: Path) -> None:
    first, second, third = rows(made(tmp_path, sample_entry())["问题清单"])
    assert (first["应为"], first["实为"], first["差额"], first["页"]) == (1200, 1300.5, 100.5, 5)
    assert (third["应为"], third["实为"]) == ("0205", "20502")
    assert second["页"] is None and second["表"] is None


def test_a_printed_table_keeps_figures_formats_merges_and_codes(tmp_path: Path) -> None:
    sheet = made(tmp_path, sample_entry())["表三"]
    assert [sheet.cell(5, c).value for c in (1, 3, 4)] == ["合计", 1300.5, 800.5]
    assert [sheet.cell(r, 3).number_format for r in (5, 7, 8)] == ["#,##0.00", "0.00", "0.0"]
    assert sheet.cell(6, 1).value == "205" and sheet.cell(6, 1).data_type == "s"
    assert {"A3:B3", "C3:E3"} <= {str(r) for r in sheet.merged_cells.ranges}
    assert sheet.freeze_panes == "A5" and sheet.auto_filter.ref == "A4:E8"
    assert "注：本表含上年结转。" in [c.value for c in sheet["A"]]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    cell = made(tmp_path, sample_entry())["表三"]["B8"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=40), st.sampled_from(["", "=", "+", "-", "@", "#N/A"]))
def test_any_text_stays_text(text: str, before: str) -> None:
    cell = Workbook().active["A1"]
    put_text(cell, before + text)
    assert cell.data_type in ("s", "n") and (cell.value is None or isinstance(cell.value, str)) and cell.data_type != "f"
    assert cell.data_type == "s" or not cell.value


@given(st.decimals(min_value=-10**9, max_value=10**9, places=2, allow_nan=False))
def test_a_printed_figure_keeps_its_value_and_digits(value: Decimal) -> None:
    number = as_number(show(value))
    assert number and number[0] == value and number[1] == "0.00"


def test_a_figure_too_long_for_excel_is_no_number() -> None:
    assert as_number("1234567890123456.78") is None and as_number("17.169.17") is None


def test_findings_lead_to_the_cell_and_the_cell_leads_back(tmp_path: Path) -> None:
    book = made(tmp_path, sample_entry())
    column = FINDING_COLUMNS.index("表") + 1
    assert book["问题清单"].cell(2, column).hyperlink.location == "'表三'!C5"
    assert book["表三"]["C5"].hyperlink.location == "'问题清单'!A2"
    assert book["问题清单"].cell(3, column).hyperlink is None


def test_failing_cells_are_coloured_and_compared_ones_otherwise(tmp_path: Path) -> None:
    book = made(tmp_path, sample_entry())
    assert book["表三"]["C5"].fill.fgColor.rgb == "00FBE4E2"
    assert book["表五"]["C5"].fill.fgColor.rgb == "00DCEBFB"
    assert book["表三"]["D5"].fill.fill_type is None


def test_every_relation_has_its_status_and_reason(tmp_path: Path) -> None:
    checks = rows(made(tmp_path, sample_entry())["核对关系"])
    assert [(c["规则编号"], c["状态"]) for c in checks] == [("X101", "不符"), ("S201", "通过"), ("S202", "未运行"), ("N001", "规则出错")]
    assert checks[2]["原因"] == "没有表七" and "ZeroDivisionError" in checks[3]["原因"]


def test_rules_are_explained_and_counted_also_those_not_in_the_catalogue(tmp_path: Path) -> None:
    by_id = {r["规则编号"]: r for r in rows(made(tmp_path, sample_entry())["规则说明"])}
    assert by_id["X101"]["说明"] == "两表合计应当相等。" and "第四十六条" in by_id["X101"]["依据"]
    assert (by_id["X101"]["问题"], by_id["X101"]["不符"]) == (1, 1)
    assert by_id["X101"]["公式"] == "表三[合计].合计 = 表五[合计].合计"
    assert by_id["S201"]["通过"] == 1 and by_id["C004"]["问题"] == 1


def test_verdicts_stand_beside_their_findings(tmp_path: Path) -> None:
    entry = sample_entry()
    assert entry.result
    verdict = Verdict("dismissed", "四舍五入所致", "已电话核实", "张三", "2024-05-01T10:00:00")
    first, second, _ = rows(made(tmp_path, replace(entry, verdicts={entry.result.findings[0].fingerprint: verdict}))["问题清单"])
    assert [first[k] for k in ("裁定", "理由", "备注", "审核人", "时间")] == ["排除", "四舍五入所致", "已电话核实", "张三", "2024-05-01 10:00"]
    assert second["裁定"] is None


def test_several_documents_share_one_workbook(tmp_path: Path) -> None:
    book = made(tmp_path, sample_entry("a.pdf"), failed_entry("坏.pdf"), sample_entry("b.pdf"))
    assert book["问题清单"]["A1"].value == "文件"
    assert [r["文件"] for r in rows(book["问题清单"])] == ["a.pdf"] * 3 + ["b.pdf"] * 3
    assert {"1·表三", "3·表三"} <= set(book.sheetnames)
    assert book["问题清单"].cell(5, 6).hyperlink.location == "'3·表三'!C5"
    texts = [c.value for row in book["汇总"].iter_rows() for c in row if c.value]
    assert any("文件已加密" in str(t) for t in texts)


def test_the_summary_says_the_verdict_and_what_was_not_run(tmp_path: Path) -> None:
    texts = [str(c.value) for row in made(tmp_path, sample_entry())["汇总"].iter_rows() for c in row if c.value is not None]
    assert any(t.startswith("发现错误 2 处、警告 1 处；检查不完整：1 项核对未运行") for t in texts)
    assert "没有表七" in texts and "0 / 3" in texts


def with_tables(entry: Entry, *tables: Table) -> Entry:
    assert entry.result
    return replace(entry, result=replace(entry.result, document=replace(entry.result.document, tables=tables)))


def test_forms_are_gathered_on_one_sheet_and_the_catalogue_on_another(tmp_path: Path) -> None:
    entry = sample_entry()
    assert entry.result
    base = entry.result.document.tables[1]
    forms = [replace(base, id=f"绩效{n}", kind="performance", title=f"目标表{n}") for n in (1, 2)]
    book = made(tmp_path, with_tables(entry, *forms, replace(base, id="目录", kind="catalogue")))
    assert book.sheetnames[4:] == ["绩效目标表", "目录"]
    assert [c.value for c in book["绩效目标表"]["A"] if str(c.value).startswith("目标表")] == ["目标表1", "目标表2"]


def test_sheet_names_that_excel_refuses_are_mended(tmp_path: Path) -> None:
    entry = sample_entry()
    assert entry.result
    base = entry.result.document.tables[1]
    names = ["表/一:?*[x]", "表/一:?*[x]", "'", "长" * 40, "汇总", ""]
    book = made(tmp_path, with_tables(entry, *(replace(base, id=n) for n in names)))
    own = book.sheetnames[4:]
    assert len(own) == len(set(own)) == 6 and all(len(n) <= 31 for n in own) and own[0] == "表_一____x_"


def test_spans_that_contradict_each_other_do_not_break_the_file(tmp_path: Path) -> None:
    entry = sample_entry()
    assert entry.result
    base = entry.result.document.tables[0]
    wide = tuple(tuple(replace(c, row_span=9, column_span=9) if c else None for c in row) for row in base.rows)
    sheet = made(tmp_path, with_tables(entry, replace(base, rows=wide)))["表三"]
    assert {str(r) for r in sheet.merged_cells.ranges} == {"A3:B3", "C3:E3"}


def test_an_open_target_is_told_and_left_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "问题.xlsx"
    target.write_bytes(b"old")

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(TargetBusy) as caught:
        write_workbook(target, [sample_entry()])
    assert caught.value.offer.name == "问题 (2).xlsx" and target.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1


def test_rows_are_tall_enough_for_wrapped_text(tmp_path: Path) -> None:
    entry = sample_entry()
    assert entry.result
    first, *rest = entry.result.findings
    long = replace(entry, result=replace(entry.result, findings=(replace(first, message="合" * 200), *rest)))
    sheet = made(tmp_path, long)["问题清单"]
    width = sheet.column_dimensions["H"].width
    assert sheet.row_dimensions[2].height >= 13 * (400 / width) and (sheet.row_dimensions[3].height or 15) < 40
