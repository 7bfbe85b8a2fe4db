"""Plain text with tab-parted tables."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import Unreadable
from core.reading.pages import RawGrid, part_of
from core.reading.plaintext import read_text
from tests.truth import SHARED

TABLE = "支出表\n\n单位：万元\n\n项目\t\t2024年预算数\t\n科目编码\t科目名称\t合计\t基本支出\n合计\t\t5.00\t5.00\n201\t一般公共服务\t5.00\t\n\n注：说明\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "a.txt"
    path.write_bytes(text.encode(encoding))
    return path


def shape(path: Path) -> list[object]:
    (page,) = read_text(path)
    return [[[c.text if c else None for c in row] for row in b.rows] if isinstance(b, RawGrid) else b.text for b in page.blocks]


def test_tabs_make_a_table_and_its_header_gets_its_merges_back(tmp_path: Path) -> None:
    assert shape(write(tmp_path, TABLE)) == ["支出表", "单位：万元", [["项目", None, "2024年预算数", None], ["科目编码", "科目名称", "合计", "基本支出"],
                                                         ["合计", "", "5.00", "5.00"], ["201", "一般公共服务", "5.00", ""]], "注：说明"]


def test_a_heading_with_nothing_below_it_reaches_down(tmp_path: Path) -> None:
    grid = shape(write(tmp_path, "项目\t本年收入\t\t上年结转\n\t合计\t其中\t\n甲\t1.00\t2.00\t3.00\n"))[0]
    assert grid == [["项目", "本年收入", None, "上年结转"], [None, "合计", "其中", None], ["甲", "1.00", "2.00", "3.00"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert shape(write(tmp_path, TABLE, encoding))[0] == "支出表"


def test_contents_entries_are_lines(tmp_path: Path) -> None:
    assert shape(write(tmp_path, "目 录\n第一部分 概况\t1\n一、职责....\t1\n二、机构\t2\n")) == ["目 录", "第一部分 概况\t1", "一、职责....\t1", "二、机构\t2"]


def test_a_page_break_in_a_table_joins_and_drops_the_header_again(tmp_path: Path) -> None:
    head = "编码\t名称\t金额\n"
    rows = "201\t甲\t1.00\n202\t乙\t2.00\n203\t丙\t3.00\n204\t丁\t4.00\n"
    assert len(shape(write(tmp_path, head + rows + "\n" + head + "205\t戊\t5.00\n"))[0]) == 6  # type: ignore[arg-type]


def test_places_name_the_line(tmp_path: Path) -> None:
    grid = read_text(write(tmp_path, TABLE))[0].grids[0]
    cell = grid.rows[2][0]
    assert cell and cell.place and cell.place.page == "正文 第 7 行" and part_of(cell.place.page) == "正文"


@pytest.mark.parametrize("data", [b"", b"\0\1\2binary", b"  \n \n"])
def test_what_cannot_be_read_is_told_in_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="[一-龥]"):
        read_text(path)


@pytest.mark.shared
def test_every_cell_of_the_budget_tables_of_a_published_text() -> None:
    path = SHARED / "seeds" / "xiaoyi-medical-2024.txt"
    if not path.exists():
        pytest.skip("needs ../shared")
    truth = json.loads((SHARED / "samples" / "xiaoyi-medical-2024-a.truth.json").read_text("utf-8"))
    grids = read_text(path)[0].grids
    for table in truth["tables"][:13]:
        body = [["".join((c or "").split()) for c in row] for row in table["body"]["rows"]]
        read = [[["".join(c.text.split()) if c else "" for c in row] for row in g.rows[-len(body):]] for g in grids]
        assert not body or body in read, table["id"]
