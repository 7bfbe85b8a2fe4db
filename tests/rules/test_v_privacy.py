"""V: personal numbers and internal marks."""
from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Word
from core.rules.v001_privacy import luhn, mask, valid_id
from tests.builders import document, section, table
from tests.rules.running import failures, holds, not_run, severity

BODY = "11010519491231002"
ID = next(BODY + c for c in "0123456789X" if valid_id(BODY + c))
CARD = next(f"622202000000000{n:04d}"[:19] for n in range(10000) if luhn(f"622202000000000{n:04d}"[:19]))


def text(*paragraphs):
    return document(sections=[section("一、说明", *paragraphs)])


@pytest.mark.parametrize("rule_id", ["V001", "V002", "V003", "V004"])
def test_a_document_without_such_things_holds(rule_id):
    assert holds(rule_id, text("联系电话：0351-1234567，预算13800138000.00元，职责：保守国家机密。"))
    assert not_run(rule_id, document(pages=0))


def test_a_mobile_beside_a_name_is_an_error_and_masked():
    (found,) = failures("V001", text("填表人：某某 联系电话：13812345678。"))
    assert severity("V001", found) == "error" and "138****5678" in found.message
    assert "13812345678" not in found.message + str(found.actual) + found.suggestion and found.evidence[0].text == "13812345678"
    assert found.evidence[1].text == "填表人：某某 联系电话：13812345678", "the sentence shows whose it is"


def test_a_mobile_in_mid_text_is_a_warning():
    (found,) = failures("V001", text("请于工作时间致13812345678垂询"))
    assert severity("V001", found) == "warning"


def test_numbers_in_cells_count_but_amounts_do_not():
    made = document([table("表三", [["208", "某人13812345678", "13812345678", "", ""]])])
    (found,) = failures("V001", made)
    assert found.evidence[0].table == "表三" and found.evidence[0].cell == (2, 1)


@pytest.mark.parametrize("number", ["14118131234567", "138123456789", "1381234567", "13812345678元", "13812345678.12"])
def test_numbers_that_are_no_mobile(number):
    assert holds("V001", text(f"编号{number}。"))


def test_an_id_needs_its_check_digit():
    (found,) = failures("V002", text(f"身份证{ID}。"))
    assert ID not in found.message + str(found.actual) and severity("V002", found) == "error"
    wrong = ID[:-1] + ("1" if ID[-1] != "1" else "2")
    assert holds("V002", text(f"身份证{wrong}。"))


@given(st.text("0123456789", min_size=17, max_size=17))
def test_exactly_one_check_digit_fits(body):
    assert sum(valid_id(body + c) for c in "0123456789X") == 1


@given(st.text("0123456789", min_size=15, max_size=18))
def test_exactly_one_last_digit_passes_luhn(body):
    assert sum(luhn(body + c) for c in "0123456789") == 1


def test_a_card_needs_its_word():
    (found,) = failures("V003", text(f"户名某某，卡号{CARD}"))
    assert CARD not in found.message + str(found.actual)
    assert holds("V003", text(f"项目编码{CARD}"))


@pytest.mark.parametrize("mark", ["机密★", "内部资料，注意保存", "仅供内部审核", "送审稿"])
def test_marks(mark):
    (found,) = failures("V004", text(mark))
    assert severity("V004", found) == "warning"


def test_a_watermark_among_the_words_of_a_page():
    made = document(pages=2)
    page = replace(made.pages[1], words=(Word("仅供内部审核", (10.0, 10.0, 90.0, 30.0)),))
    (found,) = failures("V004", replace(made, pages=(made.pages[0], page)))
    assert found.evidence[0].page == 2


def test_masking_keeps_three_and_four():
    assert mask("13812345678") == "138****5678" and mask("138 1234 5678") == "138****5678"
