"""Opening and checking one disclosure: what is passed on, what is measured, what is said when something is missing."""
from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import core.reading
import core.review
from core.errors import Cancelled, Unreadable
from core.model import Document
from core.results import Coverage, Result
from core.review import BadRules, Options, custom_rules, open_review, sha256
from tests.builders import document


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """A reader and an engine that only note how they were called. A file that holds "bad" cannot be read."""
    noted: list[tuple[str, Any]] = []

    def read_document(path: Path, *, ocr: bool = True, template: str = "", step: Callable[[int, int, str], None], cache: Path | None = None) -> Document:
        noted.append(("read", (path.name, ocr, template)))
        step(1, 2, "第 1/2 页")
        if path.read_text() == "bad":
            raise Unreadable("文件已损坏。")
        return document(kind="部门预算", unit_name=path.name)

    def plain_read(path: Path, *, ocr: bool = True, template: str = "", step: Any = lambda *_: None, cache: Path | None = None) -> Document:
        made = read_document(path, ocr=ocr, template=template, step=step)
        return Document(**{**made.__dict__, "sha256": sha256(path)})

    def check(doc: Document, **given: Any) -> Result:
        noted.append(("check", given))
        return Result(doc, (), (), Coverage(0, 0), {"rules": 0.0})

    engine = ModuleType("core.engine")
    engine.check = check  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "core.engine", engine)
    monkeypatch.setattr(core.reading, "read_document", plain_read)
    return noted


def file(folder: Path, name: str, text: str = "good") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_options_reach_reader_and_engine(tmp_path: Path, calls: list[tuple[str, Any]]) -> None:
    options = Options("shanxi-budget", None, ("S201",), ("codes",), ocr=False)
    open_review(file(tmp_path, "a.pdf"), options)
    assert calls[0] == ("read", ("a.pdf", False, "shanxi-budget"))
    assert (calls[1][1]["select"], calls[1][1]["ignore"], list(calls[1][1]["extra"])) == (("S201",), ("codes",), [])


def test_every_phase_is_measured_and_they_make_up_the_total(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: list[tuple[str, Any]]) -> None:
    """A clock that moves only when a phase says so: pages 3 s, recognition 2 s, checking 5 s."""
    now = [100.0]
    monkeypatch.setattr(core.review.time, "perf_counter", lambda: now[0])

    def read_document(path: Path, *, step: Callable[[int, int, str], None], **_: Any) -> Document:
        step(0, 1, "第 1/1 页")
        now[0] += 3
        step(1, 1, "整理表格与章节")
        now[0] += 2
        return document()

    def check(doc: Document, **_: Any) -> Result:
        now[0] += 5
        return Result(doc, (), (), Coverage(0, 0), {"check": 99.0})

    monkeypatch.setattr(core.reading, "read_document", read_document)
    monkeypatch.setattr(sys.modules["core.engine"], "check", check)
    assert open_review(tmp_path / "a.pdf").seconds == {"read": 3.0, "recognise": 2.0, "check": 5.0, "total": 10.0}


def test_last_years_disclosures_are_given_to_the_engine_but_never_the_document_itself(tmp_path: Path, calls: list[tuple[str, Any]]) -> None:
    current, last = file(tmp_path, "2024.pdf", "now"), file(tmp_path, "2023.pdf", "then")
    open_review(current, Options(prior=(last, current)))
    assert [d.unit_name.value for d in calls[-1][1]["prior"]] == ["2023.pdf"]


def test_last_years_disclosure_is_read_once_for_many(tmp_path: Path, calls: list[tuple[str, Any]]) -> None:
    last = file(tmp_path, "2023.pdf", "then")
    for name in ("a.pdf", "b.pdf"):
        open_review(file(tmp_path, name, name), Options(prior=(last,)))
    assert [v[0] for k, v in calls if k == "read"].count("2023.pdf") == 1


@pytest.mark.parametrize("content", ["bad", None])
def test_last_years_disclosure_that_cannot_be_read_is_a_check_not_run(tmp_path: Path, calls: list[tuple[str, Any]], content: str | None) -> None:
    last = tmp_path / "2023.pdf"
    if content:
        file(tmp_path, last.name, content)
    (said,) = open_review(file(tmp_path, "a.pdf"), Options(prior=(last,))).checks
    assert (said.status, said.family) == ("skipped", "cross_document") and said.reason and "2023.pdf" in said.relation


def test_what_cannot_be_read_and_what_was_stopped_gets_out(tmp_path: Path, calls: list[tuple[str, Any]]) -> None:
    with pytest.raises(Unreadable):
        open_review(file(tmp_path, "a.pdf", "bad"))

    def stop(done: int, total: int, label: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        open_review(file(tmp_path, "a.pdf"), Options(), stop)


@pytest.mark.parametrize(("text", "said"), [
    ('[[relation]]\nid = "Z001"\ntitle = "甲"\nformula = "表三[合计].合计 = = 表五"', "公式"),
    ("[[relation", "TOML"), ("", "没有审核公式"),
])
def test_a_mistake_in_own_rules_says_where(tmp_path: Path, text: str, said: str) -> None:
    rules = file(tmp_path, "自定义.toml", text)
    with pytest.raises(BadRules) as caught:
        custom_rules(rules)
    assert "自定义.toml" in str(caught.value) and said in str(caught.value)


def test_own_rules_that_are_missing_or_not_utf8_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadRules, match="无法读取"):
        custom_rules(tmp_path / "没有.toml")
    (tmp_path / "gbk.toml").write_bytes("title = '审核'".encode("gbk"))
    with pytest.raises(BadRules, match="UTF-8"):
        custom_rules(tmp_path / "gbk.toml")


def test_own_rules_reach_the_engine(tmp_path: Path, calls: list[tuple[str, Any]]) -> None:
    rules = file(tmp_path, "z.toml", '[[relation]]\nid = "Z001"\ntitle = "甲"\nformula = "表三[合计].合计 = 表五[合计].合计"')
    open_review(file(tmp_path, "a.pdf"), Options(rules=rules))
    assert [r.id for r in calls[-1][1]["extra"]] == ["Z001"]


def test_the_hash_of_what_is_not_there_is_empty(tmp_path: Path) -> None:
    assert sha256(tmp_path / "x") == "" and sha256(tmp_path) == "" and len(sha256(file(tmp_path, "a"))) == 64
