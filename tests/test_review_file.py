"""Verdicts on disk: written whole, kept beside the last good copy, never replaced by something empty, found again by a reissue."""
from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import review_file
from core.results import Evidence, Finding
from core.review_file import CONFIRMED, DISMISSED, OPEN, CorruptReview, Ignored, ReviewFile, Verdict


def finding(rule="X012", actual="1", row="合计"):
    return Finding(rule, "cross_table", "error", "题", "文", (Evidence(5, None, "表三", row, "合计"),), expected="2", actual=actual)


def saved(folder: Path, **more) -> ReviewFile:
    review = ReviewFile("a" * 64, "一.pdf", "示例局|部门预算|2024", **more)
    review.save(folder)
    return review


texts = st.text(max_size=20)
verdicts = st.builds(Verdict, st.sampled_from([CONFIRMED, DISMISSED, OPEN]), texts, texts, texts, texts, texts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.dictionaries(st.text(min_size=1, max_size=16), verdicts, max_size=8), st.dictionaries(texts, st.builds(Ignored, texts, texts, texts), max_size=3))
def test_what_is_written_is_read_again(given_verdicts, ignored):
    review = ReviewFile("b" * 64, "路径 (1).pdf", "身份", given_verdicts, ignored, ["x"], "", {"place": {"page": 3}})
    again = ReviewFile.from_json(review.to_json())
    assert again == review


def test_the_previous_good_file_stays_beside_it(tmp_path):
    review = saved(tmp_path)
    review.put("f1", Verdict(CONFIRMED))
    path = review.save(tmp_path)
    assert json.loads(review_file.backup_of(path).read_text("utf-8"))["verdicts"] == {}
    assert set(json.loads(path.read_text("utf-8"))["verdicts"]) == {"f1"}


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"version": 1}', '{"version": 99, "sha256": "a", "verdicts": {}}',
                                    '{"version": 1, "sha256": "a", "verdicts": {"f": {"state": "maybe"}}}'])
def test_a_file_that_cannot_be_understood_is_reported_with_the_last_good_one(tmp_path, damage):
    review = saved(tmp_path, verdicts={"f1": Verdict(CONFIRMED)})
    path = review.save(tmp_path)
    path.write_text(damage, "utf-8")
    with pytest.raises(CorruptReview) as caught:
        review_file.load("a" * 64, tmp_path)
    assert caught.value.backup is not None and caught.value.backup.verdicts["f1"].state == CONFIRMED
    assert path.read_text("utf-8") == damage


def test_a_damaged_file_never_becomes_the_backup(tmp_path):
    review = saved(tmp_path, verdicts={"f1": Verdict(CONFIRMED)})
    path = review.save(tmp_path)
    path.write_text("{", "utf-8")
    review.save(tmp_path)
    assert "f1" in json.loads(review_file.backup_of(path).read_text("utf-8"))["verdicts"]


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path, monkeypatch):
    review = saved(tmp_path, verdicts={"f1": Verdict(CONFIRMED)})
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    review.put("f2", Verdict(CONFIRMED))
    with pytest.raises(OSError):
        review.save(tmp_path)
    loaded = review_file.load("a" * 64, tmp_path)
    assert loaded is not None and set(loaded.verdicts) == {"f1"}


def test_a_lost_file_beside_a_good_backup_is_read_from_it(tmp_path):
    review = saved(tmp_path, verdicts={"f1": Verdict(CONFIRMED)})
    path = review.save(tmp_path)
    path.unlink()
    loaded = review_file.load("a" * 64, tmp_path)
    assert loaded is not None and "f1" in loaded.verdicts


def test_a_reissue_takes_over_the_verdicts(tmp_path):
    old = saved(tmp_path, verdicts={finding().fingerprint: Verdict(DISMISSED, "口径不同，已核实", figures="2|1")})
    review_file.enter(old, tmp_path)
    new = review_file.start("c" * 64, "换了名字.pdf", old.identity, tmp_path)
    assert new.carried == "a" * 64 and new.verdict(finding()).state == DISMISSED


def test_a_reissue_with_other_figures_says_that_they_changed(tmp_path):
    review = ReviewFile("a" * 64, verdicts={finding().fingerprint: Verdict(CONFIRMED, figures="2|1")})
    assert not review.stale(finding(actual="1")) and review.stale(finding(actual="1.5"))


def test_another_body_at_the_same_path_starts_afresh(tmp_path):
    old = saved(tmp_path, verdicts={"f1": Verdict(CONFIRMED)})
    review_file.enter(old, tmp_path)
    assert review_file.start("c" * 64, "一.pdf", "别的局|部门预算|2024", tmp_path).verdicts == {}


def test_a_finding_is_new_only_against_an_earlier_check():
    review = ReviewFile("a" * 64)
    review.begin([finding("X001")])
    assert not review.is_new(finding("X001"))
    review.begin([finding("X001"), finding("X002")])
    assert review.is_new(finding("X002")) and not review.is_new(finding("X001"))


def test_an_ignored_rule_dismisses_with_its_reason_but_not_over_a_verdict():
    review = ReviewFile("a" * 64, ignored={"X012": Ignored("不适用于本单位")})
    assert review.verdict(finding()).reason == "不适用于本单位"
    review.put(finding().fingerprint, Verdict(CONFIRMED))
    assert review.verdict(finding()).state == CONFIRMED


def test_a_merge_takes_what_is_missing_and_reports_what_differs():
    mine = ReviewFile("a" * 64, verdicts={"f1": Verdict(CONFIRMED, reviewer="甲"), "f2": Verdict(CONFIRMED, reviewer="甲")})
    theirs = ReviewFile("a" * 64, verdicts={"f2": Verdict(DISMISSED, "口径不同，已核实", reviewer="乙"), "f3": Verdict(DISMISSED, reviewer="乙")})
    taken, conflicts = review_file.merge(mine, theirs)
    assert set(taken) == {"f3"} and set(conflicts) == {"f2"}
