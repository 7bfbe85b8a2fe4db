"""Text folded for comparison still points at the original."""
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.text import clean, fold, fold_with_map


def test_width_blanks_brackets_and_quotes_are_made_equal() -> None:
    assert fold("（不含 上年结转）") == fold("(不含上年结转)")
    assert fold("“三公”经费") == fold('"三公"经费')
    assert fold("〔2023〕43号") == fold("[2023]43号") == fold("（2023）43号")


def test_radicals_become_the_characters_meant() -> None:
    assert clean("⽬录收⼊⽀出⾦额⺠⻋⼾") == "目录收入支出金额民车户"


def test_cleaning_keeps_width_and_punctuation() -> None:
    assert clean("（１２３）“三公”") == "（１２３）“三公”"


@given(st.text(alphabet="（）“”〔〕ＡＢ12 3\u3000，。⽬录㈠①ﬁ", max_size=30))
def test_the_map_leads_back(text: str) -> None:
    folded, where = fold_with_map(text)
    assert len(folded) == len(where)
    assert where == sorted(where)
    assert all(folded[i] in fold(text[where[i]]) for i in range(len(folded)))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Mn", "Mc", "Me", "Sk", "Lm", "Cs"]), max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    """Loose accents aside: they join the letter before them once the blank between is gone."""
    assert fold(fold(text)) == fold(text)
