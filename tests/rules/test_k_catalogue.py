"""K: the attached catalogue of services."""
from __future__ import annotations

from dataclasses import replace

import pytest

from core.model import CatalogueEntry, Document, Table
from core.reference import load_reference
from core.rules.k001_catalogue import level_of
from tests.builders import document, grid, section
from tests.rules.running import at, failures, holds, not_run, run, severity

RULES = ("K001", "K002", "K003", "K004", "K005", "K006", "K007", "K008", "K009")
OWN = [("司法", "A", "公共服务", 1), ("司法", "A15", "公共信息与宣传服务", 2), ("司法", "A1502", "公共公益宣传服务", 3),
       ("司法", "A16", "行业管理服务", 2)]


def reference_rows(*departments):
    blocks = load_reference().catalogue.blocks
    return [(d, r.code, r.name, r.level) for d in departments for r in blocks[d]]


def catalogue(rows) -> Document:
    """A document with this catalogue: (department, code, name, column)."""
    texts = [[code, *[name if c == column else "" for c in range(1, 5)]] for _, code, name, column in rows]
    cells = grid(texts, 30)
    entries = tuple(CatalogueEntry(d, code, name, column, i, cells[i][0], cells[i][column] if column else None)
                    for i, (d, code, name, column) in enumerate(rows))
    return document([Table("目录", "catalogue", "catalogue", "政府购买服务指导性目录", (30,), (), cells, (), entries=entries)])


def changed(rows, index, **parts):
    out = list(rows)
    old = dict(zip(("department", "code", "name", "column"), out[index], strict=True))
    out[index] = tuple({**old, **parts}.values())
    return out


BLOCK = reference_rows("司法", "财政")


def position(code, department="司法"):
    return next(i for i, r in enumerate(BLOCK) if r[:2] == (department, code))


@pytest.mark.parametrize("rule_id", RULES)
def test_a_true_excerpt_holds(rule_id):
    assert holds(rule_id, catalogue(BLOCK))


@pytest.mark.parametrize("rule_id", RULES)
def test_a_catalogue_that_could_not_be_read_is_not_judged(rule_id):
    assert not_run(rule_id, catalogue([]))


@pytest.mark.parametrize("rule_id", ["K006", "K007", "K008"])
def test_a_catalogue_of_another_province_is_only_judged_by_itself(rule_id):
    rows = [(d, c, f"别省的{n}", k) for d, c, n, k in OWN]
    assert not_run(rule_id, catalogue(rows)) and holds("K002", catalogue(rows))


@pytest.mark.parametrize(("code", "level"), [("A", 1), ("A01", 2), ("A0101", 3), ("A010101", 4), ("A1", 0), ("160601", 0), ("", 0)])
def test_the_length_of_a_code_tells_its_level(code, level):
    assert level_of(code) == level


def test_a_malformed_code_is_told_at_its_cell():
    (found,) = failures("K001", catalogue(changed(OWN, 2, code="A15O2")))
    assert at(found) == ("目录", "司法: A15O2 公共公益宣传服务", "代码", "A15O2") and severity("K001", found) == "error"


def test_a_name_in_the_wrong_column_is_told_there():
    (found,) = failures("K002", catalogue(changed(OWN, 2, column=2)))
    assert at(found)[2:] == ("二级目录", "公共公益宣传服务") and found.expected == "三级目录"


def test_a_row_without_its_parent_is_an_orphan():
    (found,) = failures("K003", catalogue([OWN[0], *OWN[2:]]))
    assert at(found)[3] == "A1502" and found.expected == "A15"


def test_an_excerpt_that_begins_in_the_middle_has_no_orphans_there():
    assert holds("K003", catalogue(OWN[2:3]))


def test_parents_count_within_their_department_only():
    (found,) = failures("K003", catalogue([*OWN, ("财政", "A", "公共服务", 1), ("财政", "A1502", "公共公益宣传服务", 3)]))
    assert at(found)[1].startswith("财政")


def test_order_and_duplicates():
    assert len(failures("K004", catalogue([OWN[0], OWN[3], OWN[1], OWN[2]]))) == 1
    (found,) = failures("K005", catalogue([*OWN[:3], OWN[2], OWN[3]]))
    assert [e.cell for e in found.evidence] == [(3, 0), (2, 0)]
    assert not failures("K004", catalogue([*OWN[:3], OWN[2], OWN[3]]))


def test_an_unknown_code_gives_the_code_of_its_name():
    at_row = position("A1502")
    found = failures("K006", catalogue(changed(BLOCK, at_row, code="A1592")))
    assert [(at(o)[3], o.expected, severity("K006", o)) for o in found] == [("A1592", "A1502", "error")]


def test_a_row_of_another_department_is_a_warning():
    at_row = position("A1502") + 1
    rows = [*BLOCK[:at_row], ("司法", "A150202", "应急科普宣传服务", 4), *BLOCK[at_row:]]
    names = load_reference().catalogue.names_of
    code, name = next((c, n) for c, ns in names.items() for n in ns if len(c) == 7 and c not in {r[1] for r in BLOCK})
    rows[at_row] = ("司法", code, name, 4)
    (found,) = failures("K006", catalogue(rows))
    assert severity("K006", found) == "warning"


def test_a_wrong_name_is_an_error_at_the_name():
    (found,) = failures("K007", catalogue(changed(BLOCK, position("A1502"), name="养老机构运营服务")))
    assert at(found)[3] == "养老机构运营服务" and found.expected == "公共公益宣传服务" and severity("K007", found) == "error"


def test_readings_that_differ_between_copies_are_accepted_or_hints():
    catalogue_data = load_reference().catalogue
    for wanted in ("open", "noise"):
        (department, code), name = next((k, n) for k, v in catalogue_data.variants.items() for n, c in v.items()
                                        if c == wanted and k[0] and len(catalogue_data.blocks[k[0]]) > 8)
        rows = reference_rows(department)
        index = next(i for i, r in enumerate(rows) if r[1] == code)
        found = failures("K007", catalogue(changed(rows, index, name=name)))
        assert [severity("K007", o) for o in found] == ([] if wanted == "open" else ["info"])


def test_the_issuers_defects_are_one_hint_and_nobodys_error():
    rows = reference_rows("自然资源", "住房和城乡建设", "行政审批", "国防动员", "乡村振兴", "公安")
    for rule_id in RULES[:8]:
        assert not failures(rule_id, catalogue(rows)), rule_id
    (found,) = failures("K009", catalogue(rows))
    assert severity("K009", found) == "info"


def test_a_copy_that_puts_the_issuers_defects_right_is_right():
    rows = reference_rows("住房和城乡建设")
    index = next(i for i, r in enumerate(rows) if r[1] == "160601")
    made = catalogue(changed(rows, index, code="A160601"))
    for rule_id in ("K006", "K008"):
        assert holds(rule_id, made), rule_id


def test_rows_missing_in_the_middle_are_a_warning_with_their_count():
    inside = [i for i, r in enumerate(BLOCK) if r[0] == "财政"]
    gone = set(inside[3:8])
    rows = [r for i, r in enumerate(BLOCK) if i not in gone]
    (found,) = failures("K008", catalogue(rows))
    assert "缺少 5 行" in found.message and severity("K008", found) == "warning"


def test_an_excerpt_cut_at_its_end_is_a_hint():
    (found,) = failures("K008", catalogue(BLOCK[:-3]))
    assert severity("K008", found) == "info"


def test_what_ocr_read_is_not_accused():
    made = catalogue(changed(BLOCK, position("A1502"), name="养老机构运营服务"))
    table = made.tables[0]
    read = tuple(replace(e, name_cell=replace(e.name_cell, confidence=0.7)) for e in table.entries if e.name_cell is not None)
    (found,) = failures("K007", replace(made, tables=(replace(table, entries=read),)))
    assert severity("K007", found) == "warning"


def with_note(text, rows=(), unit="示例县示例镇人民政府"):
    made = catalogue(rows) if rows else document()
    return replace(made, unit_name=replace(made.unit_name, value=unit),
                   sections=(section("（一）政府购买服务指导性目录", text, role="service_catalogue_note"),))


@pytest.mark.parametrize("text", ["购买A1502公共公益宣传服务。", "一级目录：公共服务。三级目录：公共公益宣传服务。"])
def test_entries_quoted_rightly_hold(text):
    assert holds("K010", with_note(text, BLOCK))


@pytest.mark.parametrize(("text", "says", "grade"), [("购买A9902某某服务。", "不在目录中", "error"), ("购买A1502养老机构运营服务。", "公共公益宣传服务", "warning"),
                                                      ("三级目录：某某未列服务。", "不在目录中", "warning"),
                                                      ("四级目录：省政府驻外办事处招商引资平台搭建与维护服务。", "照抄", "warning")])
def test_entries_quoted_wrongly_are_told_at_their_words(text, says, grade):
    (found,) = failures("K010", with_note(text, BLOCK))
    assert says in found.message and severity("K010", found) == grade and found.evidence[0].text in text


def test_a_provincial_body_may_quote_provincial_entries():
    assert holds("K010", with_note("四级目录：省政府驻外办事处招商引资平台搭建与维护服务。", BLOCK, "示例省人民政府办公厅"))


def test_nothing_quoted_nothing_compared():
    assert not_run("K010", with_note("我单位无政府购买服务项目。", BLOCK))


def test_a_catalogue_that_the_text_denies():
    (found,) = failures("K011", with_note("本部门无政府购买服务指导性目录。", BLOCK))
    assert severity("K011", found) == "warning" and found.evidence[0].text.startswith("本部门无")
    (hint,) = failures("K011", with_note("我单位无政府购买服务项目。", BLOCK))
    assert severity("K011", hint) == "info"
    assert holds("K011", with_note("本部门适用所附目录中的下列条目。", BLOCK))
    assert not_run("K011", with_note("本部门无政府购买服务指导性目录。"))


def test_headings_left_among_the_rows_part_the_blocks():
    rows = [("", "司法", "", 0), *[("", c, n, k) for d, c, n, k in BLOCK if d == "司法"], ("", "财政", "", 0),
            *[("", c, n, k) for d, c, n, k in BLOCK if d == "财政"]]
    for rule_id in RULES:
        assert holds(rule_id, catalogue(rows)), rule_id


def test_blocks_whose_headings_were_lost_are_parted_at_the_first_level():
    rows = [("", c, n, k) for _, c, n, k in BLOCK]
    for rule_id in RULES[:5]:
        assert holds(rule_id, catalogue(rows)), rule_id


def test_so_much_amiss_is_the_reading_and_is_said():
    rows = [("司法", code, "某项服务", 4) for code in ("A", "A01", "A0101") for _ in range(10)]
    (outcome,) = run("K005", catalogue(rows))
    assert outcome.status == "skipped" and "没有正确识别" in outcome.reason


def test_parents_on_a_page_left_out_are_told_once_as_missing_rows():
    inside = [i for i, r in enumerate(BLOCK) if r[0] == "司法"]
    start = next(i for i in inside if len(BLOCK[i][1]) == 3 and i > inside[2])
    rows = [r for i, r in enumerate(BLOCK) if not start <= i < start + 6]
    assert not failures("K003", catalogue(rows)) and len(failures("K008", catalogue(rows))) == 1


def test_where_blocks_are_guessed_nothing_is_an_error():
    rows = [("", c, n, k) for _, c, n, k in changed(BLOCK, position("A1502"), column=1)]
    (found,) = failures("K002", catalogue(rows))
    assert severity("K002", found) == "warning"


def test_rows_of_a_department_whose_heading_was_lost_are_one_cause():
    own = reference_rows("司法")
    names = {c for _, c, _, _ in own}
    strange = [("司法", c, n, k) for _, c, n, k in reference_rows("交通运输") if c not in names and len(c) > 3][:8]
    found = [o for o in failures("K006", catalogue([*BLOCK, *strange])) if severity("K006", o) == "warning"]
    assert len(found) > 5 and len({o.group for o in found}) == 1 and found[0].group
