"""Many files: in order, and none stops another, whatever becomes of it."""
from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

import core.batch as batch
from core.batch import NoCluster, expand, job_count, review_one, run, without_words
from core.errors import Cancelled, Unreadable
from core.review import Entry, Options
from tests.exports.samples import sample_result


@pytest.fixture(autouse=True)
def folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder holds one disclosure when it is named so."""
    monkeypatch.setattr("core.reading.folders.is_disclosure", lambda folder: folder.name == "一份")


def work(path: Path) -> Entry:
    """Mapped in processes: the name says what happens."""
    if "崩溃" in path.name:
        os._exit(9)
    if "出错" in path.name:
        raise RuntimeError("坏了")
    return Entry(path, sha256=path.stem)


def names(paths: list[Path]) -> list[str]:
    return [p.name for p in paths]


# ------------------------------------------------------------------ which files

def test_a_folder_gives_its_disclosures_sorted_and_deep(tmp_path: Path) -> None:
    for name in ("b.PDF", "a.docx", "说明.md", "~$a.docx", ".hidden.pdf", "乙/c.zip", "乙/丙/d.xls", "__MACOSX/e.pdf"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert names(expand([tmp_path])) == ["a.docx", "b.PDF", "c.zip", "d.xls"]


def test_a_folder_with_the_parts_of_one_disclosure_is_one_input(tmp_path: Path) -> None:
    (tmp_path / "一份").mkdir()
    (tmp_path / "一份" / "a.pdf").touch()
    assert names(expand([tmp_path])) == ["一份"]


def test_a_file_named_twice_is_checked_once_and_a_missing_one_stays(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").touch()
    assert names(expand([tmp_path / "没有.pdf", tmp_path / "a.pdf", tmp_path, tmp_path / "x" / ".." / "a.pdf"])) == ["没有.pdf", "a.pdf"]


def test_a_folder_without_disclosures_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "readme.md").touch()
    assert expand([tmp_path]) == []


def test_no_more_processes_than_files() -> None:
    assert (job_count(8, 3), job_count(2, 30), job_count(0, 1), job_count(5, 0)) == (3, 2, 1, 1)
    assert job_count(0, 1000) == (os.cpu_count() or 1)


# ------------------------------------------------------------------ one of many

@pytest.mark.parametrize(("error", "said"), [
    (Unreadable("文件已加密。"), "文件已加密。"), (RuntimeError("奇怪"), "RuntimeError：奇怪"), (MemoryError(), "内存不足"), (RecursionError("深"), "RecursionError"),
])
def test_whatever_happens_becomes_an_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(batch, "open_review", fail)
    (tmp_path / "a.pdf").write_bytes(b"x")
    entry = review_one(tmp_path / "a.pdf", Options())
    assert entry.result is None and said in entry.error and len(entry.sha256) == 64


def test_only_the_reviewers_stop_gets_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise Cancelled

    monkeypatch.setattr(batch, "open_review", stop)
    with pytest.raises(Cancelled):
        review_one(tmp_path / "a.pdf", Options())


def test_a_result_for_a_batch_keeps_all_that_exports_need() -> None:
    full = sample_result()
    slim = without_words(full)
    assert slim.findings == full.findings and slim.document.tables == full.document.tables and len(slim.document.pages) == len(full.document.pages)
    assert [p.text for s in slim.document.sections for p in s.paragraphs] == [p.text for s in full.document.sections for p in s.paragraphs]
    assert not any(p.chars for s in slim.document.sections for p in s.paragraphs)


# ------------------------------------------------------------------ all of them

def test_entries_come_in_order_from_processes_and_a_failing_one_stops_none() -> None:
    paths = [Path(f"{n}.pdf") for n in ("1", "2出错", "3", "4", "5")]
    entries = list(run(paths, Options(jobs=2), work=work))
    assert [e.path for e in entries] == paths
    assert ["坏了" in e.error for e in entries] == [False, True, False, False, False]


def test_a_process_that_dies_loses_only_its_file() -> None:
    paths = [Path(f"{n}.pdf") for n in ("1", "2", "3崩溃", "4", "5", "6崩溃", "7")]
    entries = list(run(paths, Options(jobs=2), work=work))
    assert [e.path for e in entries] == paths
    assert [e.error == batch.CRASHED for e in entries] == [False, False, True, False, False, True, False]


def test_progress_tells_the_file_and_a_stop_is_felt(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[int, int, str]] = []

    def review(path: Path, options: Options, step: batch.Step, slim: bool) -> Entry:
        step(3, 9, "第 3 页")
        return Entry(path)

    monkeypatch.setattr(batch, "review_one", review)
    list(run([Path("a.pdf"), Path("b.pdf")], Options(jobs=1), lambda *s: said.append(s)))
    assert said == [(0, 2, "a.pdf：打开"), (0, 2, "a.pdf：第 3 页（3/9）"), (1, 2, "b.pdf：打开"), (1, 2, "b.pdf：第 3 页（3/9）")]

    def stop(*_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        list(run([Path("a.pdf")], Options(jobs=1), stop))


def test_a_cluster_without_dask_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NoCluster, match="distributed"):
        list(run([Path("a.pdf")], Options(), scheduler="tcp://127.0.0.1:8786", work=work))


def test_a_cluster_gives_entries_with_the_paths_as_given(monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import Executor, ThreadPoolExecutor

    class Client:
        def __init__(self, address: str, **_: object) -> None:
            if "没有" in address:
                raise OSError("timed out")

        def get_executor(self) -> Executor:
            return ThreadPoolExecutor(2)

        def close(self) -> None:
            return None

    made = ModuleType("distributed")
    made.Client = Client  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "distributed", made)
    entries = list(run([Path("a.pdf"), Path("2出错.pdf")], Options(), scheduler="tcp://x", work=work))
    assert [e.path for e in entries] == [Path("a.pdf"), Path("2出错.pdf")] and "坏了" in entries[1].error
    with pytest.raises(NoCluster, match="连不上"):
        list(run([Path("a.pdf")], Options(), scheduler="tcp://没有", work=work))
