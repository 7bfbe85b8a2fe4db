"""The program as a user runs it: main.py on generated disclosures, in a process of its own."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.paths import resource, root
from tests.generator import office, plants
from tests.generator.compare import same
from tests.generator.make import Case, Generated, paper_of, render
from tests.generator.styles import STYLES


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """main.py with these words, away from the user's own settings and without a display."""
    surroundings = {**os.environ, "HOME": str(cwd), "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, str(root() / "main.py"), *words], capture_output=True, text=True, encoding="utf-8", cwd=cwd, timeout=300,
                          env=surroundings)


def errors(document: dict[str, Any]) -> list[str]:
    return [f"{f['rule']} {f['message']}" for f in document["findings"] if f["severity"] == "error"]


CONTROLS = (
    Case("shanxi-budget", "hrss", 21, 2025, style="rects", projects=4, carried=1, blocks=3),
    Case("shanxi-budget", "town", 22, 2026, style="awkward", single=True, fund=True, projects=3, carried=0, blocks=1),
    Case("shanghai-budget", "commerce", 23, 2025, style="ruled"),
    Case("shanghai-accounts", "urban", 25, 2024, style="cropped", fund=True),
)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], dict[str, dict[str, Any]], dict[str, Generated]]:
    """One run over four bodies without error, a body with one planted error, and the bundled sample."""
    folder = tmp_path_factory.mktemp("whole")
    made = {}
    for case in CONTROLS:
        made[case.name] = render(paper_of(case), STYLES[case.style], folder, case.name)
    paper = paper_of(CONTROLS[0])
    change = plants.sites(paper, "wrong_total_row", 1)[0]
    made["planted"] = render(paper, STYLES["rects"], folder, "planted", [("wrong_total_row", change)])
    out = folder / "result.json"
    done = run("check", *[str(m.path) for m in made.values()], str(resource("sample.pdf")), "--json", str(out), "--quiet", cwd=folder)
    assert out.exists(), done.stderr[-2000:]
    documents = {Path(d["path"]).stem: d for d in json.loads(out.read_text("utf-8"))["documents"]}
    return done, documents, made


def test_errors_make_exit_code_one(checked) -> None:  # type: ignore[no-untyped-def]
    done, _, _ = checked
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("case", CONTROLS, ids=lambda c: c.name)
def test_a_body_without_error_is_read_exactly_and_not_accused(case: Case, checked) -> None:  # type: ignore[no-untyped-def]
    _, documents, made = checked
    document, truth = documents[case.name], made[case.name].truth
    assert document["error"] is None
    assert (document["template"], document["kind"], document["unit_name"], document["year"]) == (truth["template"], truth["kind"], truth["unit"], truth["year"])
    assert document["pages"] == truth["pages"]
    read = {t["id"]: t for t in document["tables"]}
    for table in truth["tables"]:
        got = read[table["id"]]
        assert [[same(c) for c in row] for row in got["rows"]] == [[same(c) for c in row] for row in table["body"]["rows"]], table["id"]
        assert got["pages"][0] in (table["title_page"], table["body"]["row_pages"][0] if table["body"]["row_pages"] else table["title_page"])
    assert errors(document) == []
    statuses = {c["status"] for c in document["checks"]}
    assert statuses <= {"pass", "fail", "skipped"}
    assert all(c["reason"] for c in document["checks"] if c["status"] == "skipped")
    assert sum(c["status"] == "pass" for c in document["checks"]) > 200


def test_a_planted_error_is_found_at_its_cell(checked) -> None:  # type: ignore[no-untyped-def]
    _, documents, made = checked
    (said,) = made["planted"].truth["injected"]
    evidence = [e for f in documents["planted"]["findings"] if f["severity"] == "error" for e in f["evidence"]]
    assert any(e["table"] == said["table"] and e["page"] == said["page"] and same(e["text"]) == same(said["new"]) for e in evidence), said


def test_the_sample_shows_findings_of_many_families(checked) -> None:  # type: ignore[no-untyped-def]
    _, documents, _ = checked
    sample = documents["sample"]
    planted = json.loads(resource("sample.truth.json").read_text("utf-8"))["injected"]
    assert len({f["family"] for f in sample["findings"]}) >= 6
    pages = {e["page"] for f in sample["findings"] for e in f["evidence"]}
    assert sum(said["page"] in pages for said in planted) >= len(planted) - 2


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    good = render(paper_of(CONTROLS[2]), STYLES["ruled"], tmp_path, "good")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 not really")
    done = run("check", "broken.pdf", "good.pdf", "--json", "-", "--quiet", cwd=tmp_path)
    documents = {Path(d["path"]).name: d for d in json.loads(done.stdout)["documents"]}
    assert documents["broken.pdf"]["error"] and documents["good.pdf"]["error"] is None
    assert documents["good.pdf"]["unit_name"] == good.truth["unit"]


def test_the_word_original_gives_the_same_tables(tmp_path: Path) -> None:
    case = Case("shanxi-budget", "medical", 24, 2025, projects=2, carried=1, blocks=1)
    made = office.docx(paper_of(case), tmp_path, "original")
    done = run("check", made.path.name, "--json", "-", "--quiet", cwd=tmp_path)
    (document,) = json.loads(done.stdout)["documents"]
    read = {t["id"]: t for t in document["tables"]}
    for table in made.truth["tables"]:
        assert [[same(c) for c in row if c is not None] for row in read[table["id"]]["rows"]] == \
            [[same(c) for c in row if c is not None] for row in table["body"]["rows"]], table["id"]


def test_the_same_input_gives_the_same_result(tmp_path: Path) -> None:
    render(paper_of(CONTROLS[3]), STYLES["cropped"], tmp_path, "a")
    results = []
    for _ in range(2):
        (document,) = json.loads(run("check", "a.pdf", "--json", "-", "--quiet", cwd=tmp_path).stdout)["documents"]
        document.pop("seconds")
        results.append(document)
    assert results[0] == results[1]
