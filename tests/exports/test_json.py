"""The JSON is exactly what the contract says."""
from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.exports.files import TargetBusy
from core.exports.json import JsonWriter, document, write_json
from core.results import FAMILIES
from core.review import Entry
from tests.exports.samples import failed_entry, sample_entry

KEYS = ("path", "sha256", "error", "template", "kind", "unit_name", "year", "amount_unit", "pages", "ocr_pages", "unread_pages", "seconds",
        "sections", "tables", "findings", "checks", "coverage")
FINDING_KEYS = ("rule", "family", "severity", "title", "message", "expected", "actual", "difference", "suggestion", "basis", "evidence")
EVIDENCE_KEYS = ("page", "bbox", "table", "row", "column", "text", "role", "ocr")


def written(*entries: Entry) -> str:
    stream = io.StringIO()
    writer = JsonWriter(stream)
    for entry in entries:
        writer.add(entry)
    writer.close()
    return stream.getvalue()


def test_the_keys_of_the_contract_come_first_and_in_order() -> None:
    made = json.loads(written(sample_entry()))
    assert list(made) == ["schema", "program", "documents"] and made["schema"] == 1
    assert list(made["program"]) == ["name", "version"]
    (doc,) = made["documents"]
    assert tuple(doc)[:len(KEYS)] == KEYS
    assert tuple(doc["findings"][0])[:len(FINDING_KEYS)] == FINDING_KEYS
    assert tuple(doc["findings"][0]["evidence"][0])[:len(EVIDENCE_KEYS)] == EVIDENCE_KEYS
    assert tuple(doc["checks"][0])[:4] == ("rule", "relation", "status", "reason")
    assert tuple(doc["tables"][0])[:6] == ("id", "title", "pages", "amount_unit", "header", "rows")
    assert tuple(doc["sections"][0]) == ("id", "title", "level", "page")
    assert list(doc["seconds"]) == ["read", "recognise", "check", "total"]


def test_an_unreadable_file_has_the_same_keys_with_empty_values() -> None:
    good, bad = document(sample_entry()), document(failed_entry())
    assert list(good) == list(bad)
    assert bad["error"] == "文件已加密，请先取得密码。" and bad["sha256"] == "ab" * 32
    assert {k: v for k, v in bad.items() if k not in ("path", "sha256", "error", "seconds", "coverage") and v} == {}
    assert bad["coverage"]["amounts"] == 0 and set(bad["seconds"].values()) == {0.0}


def test_a_table_is_its_printed_grid_with_null_where_a_merge_covers() -> None:
    table = document(sample_entry())["tables"][0]
    assert table["header"][0] == ["项目", None, "2024年预算数", None, None]
    assert table["rows"][0] == ["合计", "", "1,300.50", "800.50", "500.00"]
    assert table["rows"][3][1] == "=HYPERLINK(1)"


def test_a_broken_rule_is_a_skipped_check_that_says_so() -> None:
    checks = document(sample_entry())["checks"]
    assert [c["status"] for c in checks] == ["fail", "pass", "skipped", "skipped"]
    assert "ZeroDivisionError" in checks[3]["reason"] and checks[3]["broken"] and not checks[2]["broken"]


def test_findings_keep_their_place_and_figures() -> None:
    first, second, _ = document(sample_entry())["findings"]
    assert (first["expected"], first["actual"], first["difference"]) == ("1200.00", "1300.50", "100.50")
    assert [(e["page"], e["table"], e["role"]) for e in first["evidence"]] == [(5, "表三", "actual"), (7, "表五", "expected")]
    assert len(first["evidence"][0]["bbox"]) == 4
    assert second["evidence"] == [] and second["family"] in FAMILIES


def test_the_same_input_gives_the_same_bytes_but_for_seconds() -> None:
    entry = sample_entry()
    assert entry.result
    slower = replace(entry, result=replace(entry.result, seconds={"read": 9.0}))
    one, two = (json.loads(written(e)) for e in (entry, slower))
    assert one["documents"][0].pop("seconds") != two["documents"][0].pop("seconds")
    assert json.dumps(one) == json.dumps(two)
    assert written(entry, failed_entry()) == written(entry, failed_entry())


def test_documents_are_written_one_by_one_and_none_is_valid_too() -> None:
    assert [d["path"] for d in json.loads(written(sample_entry("a.pdf"), failed_entry("b.pdf")))["documents"]] == ["a.pdf", "b.pdf"]
    assert json.loads(written())["documents"] == []


def test_a_file_name_that_is_no_text_does_not_stop_the_writing(tmp_path: Path) -> None:
    target = tmp_path / "新" / "结果.json"
    write_json(target, [failed_entry("a\udcff.pdf")])
    assert json.loads(target.read_text("utf-8"))["documents"][0]["path"] == "a?.pdf"
    assert [p.name for p in target.parent.iterdir()] == ["结果.json"]


def test_a_failure_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "r.json"
    target.write_text("old")

    def entries():
        yield sample_entry()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_json(target, entries())
    assert target.read_text() == "old" and len(list(tmp_path.iterdir())) == 1


def test_a_target_open_elsewhere_is_told_with_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "open elsewhere")

    monkeypatch.setattr(Path, "replace", refuse)
    (tmp_path / "r (2).json").touch()
    with pytest.raises(TargetBusy) as caught:
        write_json(tmp_path / "r.json", [])
    assert caught.value.offer.name == "r (3).json" and "r (3).json" in str(caught.value)
    assert [p.name for p in tmp_path.iterdir()] == ["r (2).json"]
