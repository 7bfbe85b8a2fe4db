"""Reference data: look-up, precedence of the office's lists, importing, catalogue, regulations."""
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from core import reference
from core.errors import Unreadable
from core.reference import CodeList, Subject, import_office_list, load_reference, office_lists, regulations, remove_office_list


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reference, "user_data", lambda: tmp_path / "data")
    return tmp_path / "data"


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_code_gives_every_name_it_may_bear():
    names = {s.name for s in load_reference().functional.of("2081105")}
    assert names == {"残疾人就业", "残疾人就业和扶贫"}


def test_recalled_rows_are_not_sure_and_read_rows_are():
    functional = load_reference().functional
    assert not any(s.sure for s in functional.of("2010102"))
    assert any(s.sure for s in functional.of("201"))


def test_a_year_of_validity_is_kept():
    (row,) = load_reference().functional.of("20139")
    assert (row.valid_from, row.valid_to) == (2024, None)


def test_nearest_code_prefers_the_row_with_the_printed_name():
    found = load_reference().functional.nearest_code("2080515", "机关事业单位基本养老保险缴费支出")
    assert found is not None and found.code == "2080505"


@given(st.text("0123456789", min_size=7, max_size=7), st.integers(0, 6), st.sampled_from("0123456789"))
def test_a_code_with_one_digit_changed_finds_the_listed_code(code: str, at: int, digit: str):
    listed = CodeList("x", (Subject(code, "甲", "official_list"),))
    typed = code[:at] + digit + code[at + 1:]
    found = listed.nearest_code(typed)
    assert (found is None) if typed == code else (found is not None and found.code == code)


def test_an_office_list_outranks_the_bundled_rows_for_its_year_only(tmp_path: Path):
    book = workbook(tmp_path / "科目.xlsx", [["政府收支分类科目"], ["科目编码", "科目名称"], [208, "社会保障和就业支出"], ["20805", "新的名称"]])
    import_office_list(book, 2030, "一般公共预算")
    own = load_reference(2030).functional
    assert [(s.name, s.sure) for s in own.of("20805")] == [("新的名称", True)]
    assert own.must_have("2080505") and not own.of("2080505")
    assert not own.must_have("2210201") and own.of("2210201")
    assert load_reference(2029).functional.of("20805")[0].name != "新的名称"


def test_codes_in_three_columns_are_joined_over_blank_parts(tmp_path: Path):
    book = workbook(tmp_path / "科目.xlsx", [["类", "款", "项", "科目名称"], ["208", "", "", "社会保障和就业支出"], ["", "5", "", "行政事业单位养老支出"],
                                           ["", "", "05", "缴费支出"], ["", "", "06", "年金支出"], ["210", None, None, "卫生健康支出"]])
    import_office_list(book, 2031, "支出功能分类")
    assert {s.code for s in load_reference(2031).functional.subjects if s.confidence == reference.OFFICE} == {
        "208", "20805", "2080505", "2080506", "210"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_of_either_encoding_is_taken(tmp_path: Path, encoding: str):
    path = tmp_path / "科目.csv"
    path.write_bytes("编码,名称\n30201,办公费用\n".encode(encoding))
    import_office_list(path, 2032, "部门预算支出经济分类")
    assert load_reference(2032).department_economic.of("30201")[0].name == "办公费用"
    assert office_lists() == [(2032, "部门预算支出经济分类", 1)]


def test_a_removed_list_gives_way_to_the_bundled_rows(tmp_path: Path):
    path = tmp_path / "科目.csv"
    path.write_text("编码,名称\n30201,办公费用\n", "utf-8")
    import_office_list(path, 2033, "部门预算支出经济分类")
    remove_office_list(2033, "部门预算支出经济分类")
    assert load_reference(2033).department_economic.of("30201")[0].name == "办公费"


@pytest.mark.parametrize(("name", "content", "budget", "says"), [
    ("a.csv", "甲,乙\n丙,丁\n", "收入分类", "没有找到科目编码"), ("a.pdf", "x", "收入分类", "不是 xlsx 或 csv"),
    ("a.xlsx", "no book", "收入分类", "不能作为 Excel"), ("a.csv", "编码,名称\n30201,办公费\n", "别的", "不认识的科目类别")])
def test_what_cannot_be_imported_is_said(tmp_path: Path, name: str, content: str, budget: str, says: str):
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(Unreadable, match=says):
        import_office_list(path, 2034, budget)


def test_the_catalogue_knows_blocks_and_the_issuers_own_defects():
    catalogue = load_reference().catalogue
    assert catalogue.department("人民政府办公厅(室)") == "人民政府办公厅（室）"
    assert catalogue.department("某某公司") is None
    assert catalogue.is_irregular("自然资源", "A040102", "地质灾害普适性、专业性监测预警服务")
    assert not catalogue.is_irregular("自然资源", "A040102", "别的服务")


def test_every_regulation_says_how_far_it_was_read():
    assert {r.seen for r in regulations().values()} <= {"full", "quoted", "unseen", "custom"}
    assert load_reference().basis(["budget-law-46", "template"]) == "《中华人民共和国预算法（2018年修正）》第四十六条；本级公开模板"
