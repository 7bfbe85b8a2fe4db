"""The benchmark measures what it says: turns, medians, a process's own memory, and files of any length."""
from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from core import bench, cli


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    made = io.BytesIO()
    canvas = Canvas(made)
    for number in range(3):
        canvas.drawString(100, 700, f"page {number}")
        canvas.showPage()
    canvas.save()
    path = tmp_path / "a.pdf"
    path.write_bytes(made.getvalue())
    return path


def test_the_ways_take_turns_and_the_first_round_does_not_count(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    monkeypatch.setattr(bench, "WAYS", {"a": lambda path: order.append("a") or 0, "b": lambda path: order.append("b") or 0})
    rows = bench.measure(sample, 2, ("a", "b"), memory=False)
    assert order == ["a", "b"] * 3
    assert [(r.way, r.pages) for r in rows] == [("a", 3), ("b", 3)]


def test_a_repeated_file_has_that_many_pages_and_goes_away(sample: Path) -> None:
    with bench.repeated(sample, 7) as file:
        pdf = pypdfium2.PdfDocument(file)
        assert [pdf[n].get_textpage().get_text_range().strip() for n in (0, 3, 6)] == ["page 0"] * 3 and len(pdf) == 7
        pdf.close()
    assert not file.exists()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_the_memory_of_a_child_is_its_own_not_its_parents() -> None:
    parent = ("import subprocess, sys; big = bytearray(200 * 2**20); big[::4096] = b'x' * len(big[::4096]); "
              "print(subprocess.run([sys.executable, '-c', 'from core.bench import own_peak; print(own_peak())'], capture_output=True, text=True).stdout)")
    done = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True, check=True, cwd=Path(bench.__file__).parent.parent)
    assert 5 < float(done.stdout) < 150


def test_ratios_are_shares_of_plain_pdfplumber() -> None:
    rows = [bench.Row("a.pdf", 10, bench.PLAIN, 4.0, 4.0, 0), bench.Row("a.pdf", 10, bench.CHECK, 1.0, 1.0, 0)]
    assert bench.ratios(rows) == [{"file": "a.pdf", bench.PLAIN: 1.0, bench.CHECK: 0.25}]
    assert rows[1].per_page == 100.0


def test_the_command_gives_json_of_every_way(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", str(sample), "--rounds", "1", "--no-memory", "--json", "-"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert [f["way"] for f in made["files"]] == list(bench.WAYS) and made["files"][0]["pages"] == 3


def test_a_file_that_is_no_pdf_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.pdf").write_bytes(b"no")
    assert cli.main(["bench", str(tmp_path / "x.pdf"), "--no-memory"]) == 2
    assert "Traceback" not in capsys.readouterr().err
