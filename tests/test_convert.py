"""Office files made into PDF for showing: alone, off the network, stoppable, and leaving nothing behind."""
from __future__ import annotations

import io
import socket
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
import pytest

from core import convert
from core.errors import Cancelled
from core.images import Pages

FAKE = """#!{python}
import os, pathlib, sys, time
args = sys.argv[1:]
report = pathlib.Path({report!r})
report.write_text(repr((args, dict(os.environ), os.getpid(), oct(os.stat(os.getcwd()).st_mode))))
out = pathlib.Path(args[args.index("--outdir") + 1])
if {wait}:
    out.joinpath("0.pdf").write_bytes(b"half a")
    time.sleep(60)
for name in args[args.index("--outdir") + 2:]:
    if not name.endswith(".xls"):
        out.joinpath(pathlib.Path(name).stem + ".pdf").write_bytes(pathlib.Path(name).read_bytes() + b" made")
"""

posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a script")
office = pytest.mark.skipif(convert.program() is None, reason="LibreOffice is not installed")


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of our own, to see that it is empty afterwards."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, wait: bool = False) -> Path:
    """A program in the place of LibreOffice. Gives the file in which it reports how it was called."""
    report, script = folder / "report", folder / "soffice"
    script.write_text(FAKE.format(python=sys.executable, report=str(report), wait=wait))
    script.chmod(0o755)
    monkeypatch.setattr(convert, "program", lambda: str(script))
    return report


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_without_the_program_nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "program", lambda: None)
    assert convert.to_pdf({"a": (".docx", b"x")}) == {}


@posix
def test_files_come_back_by_their_names_and_nothing_is_left(tmp_path: Path, temp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch)
    made = convert.to_pdf({"甲/说明.docx": (".docx", b"1"), "表.xlsx": (".xlsx", b"2"), "坏.xls": (".xls", b"3"), "文.txt": (".txt", "四".encode("gb18030"))})
    assert made == {"甲/说明.docx": b"1 made", "表.xlsx": b"2 made", "文.txt": b"\xef\xbb\xbf" + "四".encode() + b" made"}
    assert list(temp.iterdir()) == []


@posix
def test_it_runs_with_a_profile_of_its_own_and_no_way_out(tmp_path: Path, temp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = stand_in(tmp_path, monkeypatch)
    monkeypatch.setenv("https_proxy", "http://192.0.2.1:1")
    convert.to_pdf({"-o 某县某局.docx": (".docx", b"1")})
    arguments, environment, _, mode = eval(report.read_text())
    profile = next(a for a in arguments if a.startswith("-env:UserInstallation="))
    assert temp.as_uri() in profile and Path(environment["HOME"]).parent == temp
    assert not any("某局" in a for a in arguments)  # a name never decides how the program is called
    assert not any("proxy" in k.lower() for k in environment)
    assert mode == "0o40700"


@posix
def test_it_can_be_stopped_at_once(tmp_path: Path, temp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = stand_in(tmp_path, monkeypatch, wait=True)

    def step(done: int, total: int, label: str) -> None:
        if report.exists() and report.stat().st_size:
            raise Cancelled

    start = time.monotonic()
    with pytest.raises(Cancelled):
        convert.to_pdf({"a": (".docx", b"x")}, step)
    assert time.monotonic() - start < 10
    pid = eval(report.read_text())[2]
    assert not running(pid) and list(temp.iterdir()) == []


@posix
def test_one_that_never_ends_is_given_up(tmp_path: Path, temp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = stand_in(tmp_path, monkeypatch, wait=True)
    monkeypatch.setattr(convert, "SECONDS", 1.5)
    assert convert.to_pdf({"a": (".docx", b"x")}) == {}
    assert not running(eval(report.read_text())[2]) and list(temp.iterdir()) == []


@posix
def test_what_a_failing_program_leaves_is_not_taken(tmp_path: Path, temp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = stand_in(tmp_path, monkeypatch)
    script = tmp_path / "soffice"
    script.write_text(script.read_text() + "\nsys.exit(3)\n")
    assert convert.to_pdf({"a": (".docx", b"x")}) == {} and report.exists()


@office
def test_every_sheet_is_one_page_and_nothing_is_fetched(temp: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        book = openpyxl.Workbook()
        first = book.active
        first.title = "表一"
        for column in range(1, 40):  # far wider than paper
            first.cell(1, column, f"列{column}")
        first["A3"] = f'=WEBSERVICE("http://127.0.0.1:{server.getsockname()[1]}/x")'
        book.create_sheet("表二")["A1"] = "甲乙丙丁"
        kept = io.BytesIO()
        book.save(kept)
        made = convert.to_pdf({"表.xlsx": (".xlsx", kept.getvalue()), "坏.xlsx": (".xlsx", b"no book at all")})
        with pytest.raises(TimeoutError):
            server.accept()
    assert "表.xlsx" in made
    pages = Pages(made["表.xlsx"])
    assert pages.count == 2
    assert "列1" in pages.text(1) and "列39" in pages.text(1) and "甲乙丙丁" in pages.text(2)
    pages.close()
    assert list(temp.iterdir()) == []
