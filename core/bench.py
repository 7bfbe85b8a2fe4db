"""How fast reading and checking are: the same pages through plain pdfplumber, through us, and through pdfium alone, turn by turn."""
from __future__ import annotations

import argparse
import gc
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from core.paths import root

PLAIN, READ, CHECK, FLOOR = "pdfplumber", "read", "read+check", "pdfium-text"
NAMES = {PLAIN: "pdfplumber find_tables + extract", READ: "本程序：读取", CHECK: "本程序：读取 + 核对", FLOOR: "pdfium 取文字（下限）"}
SCALE = (30, 60, 120, 300, 600)


class BadInput(Exception):
    """Nothing to measure. The text is a Chinese sentence."""


@dataclass(frozen=True)
class Row:
    """One way of reading one file. `cpu` and `wall` are medians in seconds, `peak` the most memory of a process of its own, in MiB."""

    file: str
    pages: int
    way: str
    cpu: float
    wall: float
    peak: float

    @property
    def per_page(self) -> float:
        return 1000 * self.cpu / max(self.pages, 1)


# ------------------------------------------------------------------ what is measured

def plain_pdfplumber(path: Path) -> int:
    import pdfplumber

    cells = 0
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            cells += sum(len(row) for table in page.find_tables() for row in table.extract())
            page.close()
    return cells


def our_reading(path: Path) -> int:
    from core.reading import read_document

    return len(read_document(path, ocr=False).tables)


def our_check(path: Path) -> int:
    from core.review import Options, open_review

    return len(open_review(path, Options(ocr=False)).checks)


def pdfium_text(path: Path) -> int:
    import pypdfium2

    count = 0
    pdf = pypdfium2.PdfDocument(path)
    for page in pdf:
        text = page.get_textpage()
        count += len(text.get_text_range())
        text.close()
        page.close()
    pdf.close()
    return count


WAYS: dict[str, Callable[[Path], int]] = {PLAIN: plain_pdfplumber, READ: our_reading, CHECK: our_check, FLOOR: pdfium_text}


# ------------------------------------------------------------------ measuring

def measure(path: Path, rounds: int, ways: Sequence[str], memory: bool, warm: bool = False) -> list[Row]:
    """Medians over `rounds` rounds, the ways taking turns so that a busy machine treats them alike. One run before loads modules and caches."""
    cpu: dict[str, list[float]] = {way: [] for way in ways}
    wall: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(1 if warm else 0, rounds + 1):
        for way in ways:
            gc.collect()
            start, watch = time.process_time(), time.perf_counter()
            WAYS[way](path)
            if number:
                cpu[way].append(time.process_time() - start)
                wall[way].append(time.perf_counter() - watch)
    pages = page_count(path)
    return [Row(path.name, pages, way, median(cpu[way]), median(wall[way]), peak_memory(path, way) if memory else 0.0) for way in ways]


def page_count(path: Path) -> int:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError) as error:
        raise BadInput(f"无法测量 {path}：不是能打开的 PDF。") from error
    try:
        return len(pdf)
    finally:
        pdf.close()


def peak_memory(path: Path, way: str) -> float:
    """The most memory a fresh process holds while it does this once, in MiB."""
    command = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, str(root() / "main.py")]
    done = subprocess.run([*command, "bench", str(path.resolve()), "--child", way], capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise BadInput(f"测量内存的子进程失败：{done.stderr.strip()[-300:]}")
    return float(done.stdout.split()[-1])


def own_peak() -> float:
    """The most memory this process has held, in MiB."""
    if sys.platform == "win32":
        return _windows_peak() / 2**20
    status = Path("/proc/self/status")
    if status.exists():
        # ru_maxrss is no use here: Linux keeps it over exec, so that a child begins with what its parent held.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if sys.platform == "win32":
    def _windows_peak() -> int:
        """PeakWorkingSetSize of PROCESS_MEMORY_COUNTERS, in bytes."""
        import ctypes
        from ctypes import wintypes

        class Counters(ctypes.Structure):
            _fields_ = [("cb", wintypes.DWORD), ("faults", wintypes.DWORD), ("peak", ctypes.c_size_t), ("others", ctypes.c_size_t * 7)]

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD)
        counters = Counters(cb=ctypes.sizeof(Counters))
        if not kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb):
            raise ctypes.WinError(ctypes.get_last_error())
        return int(counters.peak)


@contextmanager
def repeated(path: Path, pages: int) -> Iterator[Path]:
    """A temporary PDF of that many pages: those of `path`, over and over."""
    import pypdfium2

    source = pypdfium2.PdfDocument(path)
    target = pypdfium2.PdfDocument.new()
    try:
        while (missing := pages - len(target)) > 0:
            target.import_pages(source, list(range(min(missing, len(source)))))
        with tempfile.TemporaryDirectory(prefix="gouji-bench-") as folder:
            file = Path(folder, f"{pages}.pdf")
            target.save(file)
            yield file
    finally:
        target.close()
        source.close()


# ------------------------------------------------------------------ command

def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", nargs="+", metavar="PDF", type=Path, help="要测量的 PDF（只测有文字的页，不做扫描识别）")
    add("--rounds", metavar="N", type=int, default=3, help="轮数，取中位数（默认 3）")
    add("--scale", action="store_true", help=f"另测页数增长时的用时：把各页重复到 {'、'.join(map(str, SCALE))} 页")
    add("--no-memory", dest="memory", action="store_false", help="不测内存（内存要为每一项另开进程）")
    add("--json", metavar="FILE", help="结果写成 JSON；“-” 表示标准输出")
    add("--child", choices=tuple(WAYS), help=argparse.SUPPRESS)


def run(given: argparse.Namespace) -> int:
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    for path in given.paths:
        if not path.is_file():
            raise BadInput(f"找不到文件：{path}")
        page_count(path)
    if given.child:
        WAYS[given.child](given.paths[0])
        print(f"{own_peak():.1f}")
        return 0
    rounds = max(1, given.rounds)
    rows = [row for path in given.paths for row in measure(path, rounds, tuple(WAYS), given.memory)]
    scale: list[Row] = []
    if given.scale:
        for pages in SCALE:
            with repeated(given.paths[0], pages) as file:
                scale += measure(file, 1, (READ, CHECK), given.memory, warm=True)
    result = {"rounds": rounds, "processors": os.cpu_count(), "files": [_row(r) for r in rows], "ratios": ratios(rows),
              "scale": [_row(r) for r in scale]}
    if given.json:
        text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
        if given.json == "-":
            sys.stdout.write(text)
            return 0
        Path(given.json).write_text(text, "utf-8")
    print("\n".join(_report(rows, scale)))
    return 0


def _row(row: Row) -> dict[str, Any]:
    return {**{k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(row).items()}, "cpu_ms_per_page": round(row.per_page, 2)}


def ratios(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """For each file, the CPU of each way as a share of plain pdfplumber's."""
    found = []
    for file in dict.fromkeys(r.file for r in rows):
        own = {r.way: r for r in rows if r.file == file}
        if PLAIN in own:
            found.append({"file": file, **{way: round(row.cpu / max(own[PLAIN].cpu, 1e-9), 3) for way, row in own.items()}})
    return found


def _report(rows: Sequence[Row], scale: Sequence[Row]) -> Iterator[str]:
    base = {r.file: r.cpu for r in rows if r.way == PLAIN}
    for file in dict.fromkeys(r.file for r in rows):
        own = [r for r in rows if r.file == file]
        yield f"{file}（{own[0].pages} 页）"
        for row in own:
            peak = f"  峰值内存 {row.peak:6.0f} MiB" if row.peak else ""
            yield (f"  CPU {row.cpu:7.2f} 秒  每页 {row.per_page:7.2f} 毫秒  占 pdfplumber {row.cpu / max(base[file], 1e-9):6.1%}  "
                   f"用时 {row.wall:7.2f} 秒{peak}  {NAMES[row.way]}")
    if scale:
        yield "页数增长"
        for row in scale:
            peak = f"  峰值内存 {row.peak:6.0f} MiB" if row.peak else ""
            yield f"  {row.pages:4} 页  CPU {row.cpu:7.2f} 秒  每页 {row.per_page:7.2f} 毫秒{peak}  {NAMES[row.way]}"
