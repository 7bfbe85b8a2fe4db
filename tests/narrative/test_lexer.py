from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.model import Paragraph
from core.narrative.lexer import figures, folded
from tests.builders import paragraph


def read(text):
    return [(f.kind, f.text, f.amount.value if f.amount else None) for f in figures(folded(paragraph(text)))]


def test_amounts_percentages_and_counts_are_told_apart():
    assert read("预算1,720.00万元，占12.5％，项目3个，车辆2辆，面积80.5平方米") == [
        ("amount", "1,720.00万元", Decimal("1720.00")), ("percent", "12.5%", Decimal("12.5")), ("count", "3个", Decimal(3)),
        ("count", "2辆", Decimal(2)), ("area", "80.5平方米", Decimal("80.5"))]


def test_wan_without_yuan_is_an_amount_only_before_a_stop():
    assert read("总预算1170.00万，其中") == [("amount", "1170.00万", Decimal("1170.00"))]
    assert read("服务2万人") == []


def test_a_threshold_is_no_fact():
    assert [k for k, _, _ in read("单价100万元（含）以上设备0台（套）")] == ["limit", "count"]
    assert [k for k, _, _ in read("每人补助2500元/人/月")] == ["limit"]


def test_years_and_document_numbers_are_no_figures():
    assert read("2024年度根据财预〔2023〕43号文件") == []


def test_malformed_digits_keep_their_place_but_have_no_value():
    assert read("收入35.949.39万元") == [("amount", "35.949.39万元", None)]


def test_digits_that_only_lost_blanks_glue_are_two_numbers():
    assert read("2024 2995.39万元") == [("amount", "2995.39万元", Decimal("2995.39"))]


def test_the_span_of_a_figure_is_its_printed_text():
    source = folded(paragraph("收入 ５，８８４．３１ 万元"))
    (figure,) = figures(source)
    assert source.span(figure.start, figure.end).text == "５，８８４．３１ 万元"


@given(st.integers(0, 10**9), st.integers(0, 99), st.booleans())
def test_every_printed_amount_is_read_back(whole, cents, separators):
    text = f"{whole:,}.{cents:02d}" if separators else f"{whole}.{cents:02d}"
    assert read(f"支出{text}万元。") == [("amount", f"{text}万元", Decimal(f"{whole}.{cents:02d}"))]


def test_text_without_places_is_read_too():
    assert [f.text for f in figures(folded(Paragraph("支出5万元", "1")))] == ["5万元"]
