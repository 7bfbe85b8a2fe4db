"""Many disclosures: a pure function mapped over paths, in processes here or on a Dask cluster, in order, none stopping another."""
from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from core.errors import Cancelled, Step, Unreadable, no_step
from core.results import Result
from core.review import BadRules, Entry, Options, open_review, sha256

log = logging.getLogger(__name__)

SUFFIXES = frozenset({".pdf", ".docx", ".xlsx", ".xls", ".zip", ".txt"})
CRASHED = "检查该文件的进程意外退出（可能内存不足，或文件会使解析组件崩溃）。其他文件不受影响；请单独检查该文件。"

Work = Callable[[Path], Entry]


class NoCluster(Exception):
    """The cluster cannot be used. The text is a Chinese sentence with the way out."""


# ------------------------------------------------------------------ which files

def expand(paths: Iterable[Path]) -> list[Path]:
    """The inputs that the given files and folders stand for, each once, in the order given and by name within a folder.

    A folder is one input when it holds the parts of one disclosure, else every disclosure file inside. What does not exist stays in
    the list, so that it gets an entry saying so.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for one in _inside(path) if _is_folder(path) else [path]:
            found.setdefault(_identity(one), one)
    return list(found.values())


def _inside(folder: Path) -> list[Path]:
    from core.reading.folders import is_disclosure

    if is_disclosure(folder):
        return [folder]
    found: list[Path] = []
    for child in sorted(_children(folder), key=lambda p: p.name):
        if child.is_dir():
            if not child.is_symlink():
                found += _inside(child)
        elif child.suffix.lower() in SUFFIXES:
            found.append(child)
    return found


def _children(folder: Path) -> list[Path]:
    """What a reviewer would see in a folder: no hidden files, no lock files of Office (~$name.docx), no Mac archive leftovers."""
    try:
        return [p for p in folder.iterdir() if not p.name.startswith((".", "~$")) and p.name != "__MACOSX"]
    except OSError as error:
        log.warning("无法打开文件夹 %s：%s", folder, error)
        return []


def _is_folder(path: Path) -> bool:
    """Unlike Path.is_dir, no error for a name that the system finds too long: reading it will say so."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _identity(path: Path) -> Path:
    try:
        return path.resolve()
    except OSError:
        return path.absolute()


# ------------------------------------------------------------------ one of many

def review_one(path: Path, options: Options, step: Step = no_step, slim: bool = False) -> Entry:
    """Check one file, whatever happens. Only Cancelled gets out. `slim` leaves out what a batch has no use for."""
    try:
        result = open_review(path, options, step)
    except Cancelled:
        raise
    except (Unreadable, BadRules) as error:
        return Entry(path, error=str(error), sha256=sha256(path))
    except MemoryError:
        log.exception("内存不足：%s", path)
        return Entry(path, error="内存不足，无法检查该文件。请关闭其他程序，或减少 --jobs 后重试。", sha256=sha256(path))
    except Exception as error:
        log.exception("检查出错：%s", path)
        return Entry(path, error=f"检查时发生内部错误（{type(error).__name__}：{error}）。这是程序的缺陷，请连同该文件反馈。",
                     sha256=sha256(path))
    return Entry(path, without_words(result) if slim else result, sha256=result.document.sha256)


def without_words(result: Result) -> Result:
    """A result without the words of each page and the places of each character: exports need neither, and they weigh most."""
    doc = result.document
    pages = tuple(replace(page, words=(), grids=()) for page in doc.pages)
    sections = tuple(replace(s, paragraphs=tuple(replace(p, chars=()) for p in s.paragraphs)) for s in doc.sections)
    front = tuple(replace(p, chars=()) for p in doc.front)
    return replace(result, document=replace(doc, pages=pages, sections=sections, front=front))


# ------------------------------------------------------------------ all of them

def run(paths: Sequence[Path], options: Options, step: Step = no_step, *, scheduler: str = "", work: Work | None = None) -> Iterator[Entry]:
    """An entry for each path, in order, as soon as it and those before it are done. `step` may raise Cancelled between files.

    With one job, files are checked in this process and `step` hears of every page. `work` is what is mapped; it must be importable.
    """
    jobs = job_count(options.jobs, len(paths))
    if scheduler:
        with _cluster(scheduler) as executor:
            absolute = [path.absolute() for path in paths]
            entries = _mapped(absolute, work or partial(review_one, options=_absolute(options), slim=True), executor, 1000)
            yield from _told(paths, (replace(e, path=p) for p, e in zip(paths, entries, strict=True)), step)
    elif jobs > 1:
        yield from _told(paths, _in_processes(paths, work or partial(review_one, options=options, slim=True), jobs), step)
    else:
        for number, path in enumerate(paths):
            one_step = _within(step, number, len(paths), path)
            one_step(0, 0, "打开")
            yield work(path) if work else review_one(path, options, one_step, slim=len(paths) > 1)


def job_count(asked: int, files: int) -> int:
    """How many processes to use: as asked, else one for each processor; never more than files."""
    return max(1, min(asked or os.cpu_count() or 1, files))


def _absolute(options: Options) -> Options:
    return replace(options, rules=options.rules.absolute() if options.rules else None, prior=tuple(p.absolute() for p in options.prior))


def _within(step: Step, number: int, files: int, path: Path) -> Step:
    """The step of one file as a step of the batch: which file, and how far in it."""
    def inner(done: int, total: int, label: str) -> None:
        if files == 1:
            step(done, total, label)
        else:
            part = f"（{done}/{total}）" if total else ""
            step(number, files, f"{path.name}：{label}{part}")
    return inner


def _told(paths: Sequence[Path], entries: Iterator[Entry], step: Step) -> Iterator[Entry]:
    step(0, len(paths), "开始")
    for done, entry in enumerate(entries, 1):
        yield entry
        step(done, len(paths), f"{entry.path.name}：完成")


def _mapped(paths: Sequence[Path], work: Work, executor: Executor, ahead: int) -> Iterator[Entry]:
    """Entries in order from an executor, with at most `ahead` tasks waiting. A task that fails gives an entry that says so."""
    waiting: deque[tuple[Path, Future[Entry]]] = deque()
    rest = iter(paths)
    try:
        while True:
            while len(waiting) < ahead and (path := next(rest, None)) is not None:
                waiting.append((path, executor.submit(work, path)))
            if not waiting:
                return
            path, future = waiting.popleft()
            yield _outcome(path, future)
    finally:
        for _, future in waiting:
            future.cancel()


def _outcome(path: Path, future: Future[Entry]) -> Entry:
    """What a task gave. A pool that broke is for the caller: it says nothing of this task."""
    try:
        return future.result()
    except BrokenProcessPool:
        raise
    except (Exception, CancelledError) as error:
        log.exception("进程中检查失败：%s", path)
        return Entry(path, error=f"检查该文件的进程失败（{type(error).__name__}：{error}）。其他文件不受影响；请单独检查该文件。",
                     sha256=sha256(path))


def _in_processes(paths: Sequence[Path], work: Work, jobs: int) -> Iterator[Entry]:
    """Entries in order from `jobs` processes.

    A process that dies takes its pool along, and all that waited in it. So each file that was waiting is then tried in a process of its
    own, where only the one that kills it is lost, and the rest go on in a new pool.
    """
    position = 0
    while position < len(paths):
        pool = _pool(jobs)
        waiting: deque[Future[Entry]] = deque()
        try:
            while position < len(paths):
                while len(waiting) < 2 * jobs and position + len(waiting) < len(paths):
                    waiting.append(pool.submit(work, paths[position + len(waiting)]))
                entry = _outcome(paths[position], waiting[0])
                waiting.popleft()
                position += 1
                yield entry
        except BrokenProcessPool:
            suspects = paths[position:position + max(len(waiting), 1)]
            log.warning("一个检查进程意外退出，逐个重试：%s", "、".join(p.name for p in suspects))
            for path in suspects:
                entry = _alone(path, work)
                position += 1
                yield entry
        finally:
            if waiting:
                _end(pool)
            # A pool left to itself may still be closing its pipes when the interpreter ends, and complain on the way out.
            pool.shutdown(wait=True, cancel_futures=True)


def _end(pool: ProcessPoolExecutor) -> None:
    """End the work under way: whoever stops does not want to wait for a long file. (Python 3.14 has terminate_workers.)"""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.terminate()


def _alone(path: Path, work: Work) -> Entry:
    with _pool(1) as pool:
        try:
            return pool.submit(work, path).result()
        except BrokenProcessPool:
            return Entry(path, error=CRASHED, sha256=sha256(path))


def _pool(jobs: int) -> ProcessPoolExecutor:
    level = logging.getLogger().getEffectiveLevel()
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _start_worker, (level,))


def _start_worker(level: int) -> None:
    """A worker logs as its parent does, and on Ctrl+C ends without a traceback of its own."""
    logging.basicConfig(level=level)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    """The executor of a running Dask cluster. Its workers need this program and the same paths."""
    try:
        from distributed import Client
    except ImportError as error:
        raise NoCluster("使用 --scheduler 需要 Dask：请先安装 distributed（pip install distributed），或改用 --jobs 在本机并行。") from error
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoCluster(f"连不上 Dask 调度器 {address}：{error}。请检查地址（如 tcp://主机:8786）和调度器是否在运行。") from error
    try:
        yield client.get_executor()
    finally:
        client.close()
