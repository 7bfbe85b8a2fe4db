"""Parts of one disclosure in a folder or zip."""
from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unreadable
from core.model import Cell, Place
from core.reading import read_document
from core.reading.folders import decoded_name, in_order, is_disclosure, merge, numeral, open_folder, parts_of_one
from core.reading.numbering import chinese
from core.reading.pages import RawGrid, RawLine, RawPage, part_of


def archive(folder: Path, *members: tuple[str, bytes]) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as out:
        for name, data in members:
            out.writestr(name, data)
    return path


def test_parts_come_in_the_order_people_number_them(tmp_path: Path) -> None:
    for name in ("表十.xlsx", "表二.xlsx", "表十一.xlsx", "封面.docx", "10.txt", "2.txt", "读我.md", "~$表二.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    assert [n for n, _ in open_folder(tmp_path)] == ["封面.docx", "2.txt", "10.txt", "表二.xlsx", "表十.xlsx", "表十一.xlsx"]


def test_folders_inside_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "附件").mkdir()
    (tmp_path / "附件" / "1.pdf").write_bytes(b"x")
    assert [n for n, _ in open_folder(tmp_path)] == ["附件/1.pdf"]


def test_a_zip_gives_its_parts_with_chinese_names(tmp_path: Path) -> None:
    parts = open_folder(archive(tmp_path, ("公开/说明.docx", b"1"), ("公开/附表.xlsx", b"22"), ("__MACOSX/说明.docx", b"3")))
    assert [(n, p.read_bytes()) for n, p in parts] == [("公开/说明.docx", b"1"), ("公开/附表.xlsx", b"22")]


def test_names_in_gbk_without_a_flag_are_understood() -> None:
    info = zipfile.ZipInfo("附表一.xlsx".encode("gbk").decode("cp437"))
    info.flag_bits = 0
    assert decoded_name(info) == "附表一.xlsx"


@pytest.mark.parametrize("name", ["../外面.txt", "/etc/a.txt", "C:/a.txt", "a/../../b.txt"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable, match="不安全"):
        open_folder(archive(tmp_path, (name, b"x")))


def test_a_zip_in_a_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="压缩包"):
        open_folder(archive(tmp_path, ("里.zip", b"x"), ("a.txt", b"x")))


def test_a_locked_zip_is_told(tmp_path: Path) -> None:
    path = archive(tmp_path, ("a.txt", b"x"))
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1
    path.write_bytes(bytes(raw))
    with pytest.raises(Unreadable, match="密码"):
        open_folder(path)


def test_too_much_unpacked_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.reading.folders.MAX_PART", 10)
    with pytest.raises(Unreadable, match="过大"):
        open_folder(archive(tmp_path, ("a.txt", b"x" * 11)))


def test_a_damaged_part_of_a_zip_is_named(tmp_path: Path) -> None:
    path = archive(tmp_path, ("好.txt", b"good" * 50), ("坏.txt", b"spoilt" * 50))
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"spoilt" * 50, b"sp0ilt" * 50))
    files = dict(open_folder(path))
    assert files["好.txt"].read_bytes() == b"good" * 50
    with pytest.raises(Unreadable, match="a.zip 里的 坏.txt 已损坏"):
        files["坏.txt"].read_bytes()


def test_an_empty_part_is_told_by_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="说明.docx 是空文件"):
        read_document(archive(tmp_path, ("说明.docx", b""), ("附表.txt", "一\n".encode())))


def test_nothing_readable_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="没有可以读取"):
        open_folder(tmp_path)
    broken = tmp_path / "b.zip"
    broken.write_bytes(b"PK\x03\x04rubbish")
    with pytest.raises(Unreadable, match="损坏"):
        open_folder(broken)


@pytest.mark.parametrize(("names", "one"), [
    (["封面.docx", "说明.docx", "附表.xlsx"], True),
    (["某县某局2024年部门预算公开说明.docx", "某县某局2024年部门预算公开表.xlsx"], True),
    (["1.某局职责.docx", "2.某局预算表.xlsx", "3.名词解释.docx"], True),
    (["表一 收支总表.xlsx", "表二 收入总表.xlsx"], True),
    (["甲县教育局2024年预算公开.pdf", "甲县民政局2024年预算公开.pdf"], False),
    (["甲县教育局2023年预算公开表.pdf", "甲县教育局2024年预算公开表.pdf"], False),
    (["甲县教育局2024年预算.pdf", "甲县教育局2024年预算.docx"], False),
    (["甲县教育局预算公开表.xlsx", "甲县民政局预算公开表.xlsx"], False),
    (["只有一个.pdf"], False),
])
def test_whether_files_are_parts_of_one_disclosure(names: list[str], one: bool) -> None:
    assert parts_of_one(names) is one


def test_a_folder_is_judged_by_its_files(tmp_path: Path) -> None:
    for name in ("附件1.docx", "附件2.xlsx", "说明.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert is_disclosure(tmp_path)
    assert not is_disclosure(tmp_path / "附件1.docx")


@given(st.integers(1, 999))
def test_chinese_numerals_are_read_as_written(number: int) -> None:
    assert numeral(chinese(number)) == number == numeral(str(number))


@given(st.lists(st.integers(1, 99), unique=True, min_size=2, max_size=6))
def test_numbered_names_sort_by_number(numbers: list[int]) -> None:
    for form in (str, chinese):
        names = [f"附表{form(n)}.xlsx" for n in numbers]
        assert sorted(names, key=in_order) == [f"附表{form(n)}.xlsx" for n in sorted(numbers)]


def test_merged_pages_name_their_part() -> None:
    line = RawLine(3, "甲", None, (None,))
    grid = RawGrid("表一", None, ((Cell("1", Place("表一!A1"), 0, 0), None),))
    pages = merge([("说明.pdf", [RawPage(1, 1, 1, "text", (line,))]), ("附表.xlsx", [RawPage(1, 1, 1, "text", (grid,))])])
    assert [p.number for p in pages] == [1, 2]
    assert [p.name for p in pages] == ["说明.pdf 第 1 页", "附表.xlsx"]
    assert pages[0].blocks[0].page == "说明.pdf 第 3 页"
    cell = pages[1].grids[0].rows[0][0]
    assert cell and cell.place and cell.place.page == "附表.xlsx 表一!A1" and part_of(cell.place.page) == pages[1].grids[0].page == "附表.xlsx 表一"
