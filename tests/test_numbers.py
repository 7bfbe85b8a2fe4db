"""Printed figures: every form of them, units, and equality within rounding."""
from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numbers import Amount, is_blank, looks_numeric, parse_amount, parse_decimal, same_figure, show, tolerance

money = st.decimals(min_value=-10**9, max_value=10**9, places=2)


@pytest.mark.parametrize(("text", "value"), [
    ("35892. 39", "35892.39"), ("1,234.00", "1234.00"), ("(1,234.00)", "-1234.00"), ("（12.5）", "-12.5"), ("−3.20", "-3.20"), ("－3.20", "-3.20"),
    ("１２，３４５．６７", "12345.67"), ("0", "0"), (".5", "0.5"), ("156,211,123", "156211123")])
def test_every_form_of_a_figure_is_read(text: str, value: str) -> None:
    parsed = parse_decimal(text)
    assert parsed is not None and parsed[0] == Decimal(value)


@pytest.mark.parametrize("text", ["17.169.17", "35.949.39", "1,23", "12,34,567", "", "无", "—", "3.2万", "2024年", "1.2.3", "(5", "5)"])
def test_what_is_not_one_well_formed_number_is_none(text: str) -> None:
    assert parse_decimal(text) is None


def test_a_slip_in_the_separators_still_looks_like_a_figure() -> None:
    assert looks_numeric("17.169.17") and looks_numeric("1,23.40") and not looks_numeric("合计") and not looks_numeric("")


@pytest.mark.parametrize(("text", "blank"), [("", True), ("—", True), ("－", True), ("无", True), ("0", False), ("0.00", False), ("/", True), ("1", False)])
def test_blanks_are_told_from_zeros(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


@given(money)
def test_printing_and_reading_agree(value: Decimal) -> None:
    """With and without thousands separators, plain and full width."""
    wide = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")
    for text in (f"{value:.2f}", f"{value:,.2f}", f"{value:,.2f}".translate(wide)):
        assert parse_decimal(text) == (value, 2)


@given(money)
def test_units_convert_there_and_back_with_their_precision(value: Decimal) -> None:
    amount = Amount(value, "万元", 2)
    there = amount.to("元")
    assert there.value == value * 10000 and there.digits == -2 and there.half == Decimal(50)
    assert there.to("万元") == amount


@given(money, money)
def test_two_prints_of_one_digit_count_are_equal_only_when_they_are(a: Decimal, b: Decimal) -> None:
    assert same_figure(Amount(a, "万元", 2), Amount(b, "万元", 2)) is (a == b)


@given(st.integers(0, 10**12))
def test_a_figure_in_yuan_agrees_with_its_rounding_to_wan(yuan: int) -> None:
    rounded = (Decimal(yuan) / 10000).quantize(Decimal("0.01"))
    assert same_figure(Amount(rounded, "万元", 2), Amount(Decimal(yuan), "元", 0))
    assert not same_figure(Amount(rounded + Decimal("0.02"), "万元", 2), Amount(Decimal(yuan), "元", 0))


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_rounding_every_addend_stays_within_tolerance(cents: list[int]) -> None:
    """Addends known to hundredths of a cent, each and their sum rounded to two digits, never differ by more than the tolerance."""
    exact = [Decimal(c) / 10000 for c in cents]
    printed = [Amount(e.quantize(Decimal("0.01")), "万元", 2) for e in exact]
    total = Amount(sum(exact, Decimal(0)).quantize(Decimal("0.01")), "万元", 2)
    difference = abs(total.value - sum((p.value for p in printed), Decimal(0)))
    assert difference <= tolerance([total, *printed], "万元")


def test_tolerance_grows_with_the_addends_and_is_rounded_up_to_a_printed_digit() -> None:
    two = [Amount(Decimal(1), "万元", 2)] * 3
    assert tolerance(two, "万元") == Decimal("0.02")
    assert tolerance([], "万元") == 0


def test_amounts_keep_unit_and_digits() -> None:
    assert parse_amount("5,884.31", "万元") == Amount(Decimal("5884.31"), "万元", 2)
    assert parse_amount("合计") is None


@given(st.decimals(min_value=-10**6, max_value=10**6, places=4))
def test_a_decimal_is_shown_without_exponent(value: Decimal) -> None:
    assert "E" not in show(value) and Decimal(show(value)) == value
