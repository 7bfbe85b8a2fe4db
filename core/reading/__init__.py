"""A file to a Document, whatever its format."""
from __future__ import annotations

import gc
import hashlib
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from core.errors import Step, Unreadable, no_step
from core.model import Document
from core.reading.office import Held
from core.reading.pages import RawPage

if TYPE_CHECKING:
    from core.reading.folders import Member

LARGEST = 400 * 1024 * 1024


@dataclass
class _Read:
    """The pages of a file, which of them stayed unread, and what the file says of itself."""

    pages: list[RawPage]
    unread: list[int] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)


def read_document(path: Path, *, ocr: bool = True, template: str = "", step: Step = no_step, plain: bool = False,
                  cache: Path | None = None) -> Document:
    """Read a disclosure: a file, or a folder or .zip with its parts.

    Raises `Unreadable` with a Chinese sentence when it cannot be read as one; `Cancelled` when stopped. `ocr=False` leaves scanned pages
    unread (they are listed); `cache` is a folder that remembers recognised pages by their picture. `plain=True` reads PDFs through pdfplumber alone (slow; a cross-check).
    """
    from core.reading.assemble import assemble

    if is_folder(path):
        return _read_folder(path, ocr, template, step, plain, cache)
    data = _bytes(path)
    kind = kind_of(path.name, data)
    read = _read(Held(path.name, data), kind, ocr, step, plain, cache)
    return assemble(str(path), hashlib.sha256(data).hexdigest(), kind, read.pages, template_id=template, properties=read.properties,
                    unread=read.unread)


def is_folder(path: Path) -> bool:
    """Whether a path stands for several files: a folder or a .zip."""
    try:
        return path.suffix.lower() == ".zip" or path.is_dir()
    except OSError:  # a name the system cannot take; reading it will say so
        return False


def _bytes(path: Path | Member) -> bytes:
    if not isinstance(path, Path):
        return path.read_bytes()
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise Unreadable(f"文件过大（{size // 1048576} MB），超过 {LARGEST // 1048576} MB 的上限。请拆分后再打开。")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Unreadable("找不到文件。请确认路径是否正确，或文件是否已被移动。") from error
    except PermissionError as error:
        raise Unreadable("没有权限读取文件。请检查文件权限，或复制到本机后再打开。") from error
    except OSError as error:
        raise Unreadable(f"读取文件时出错：{error.strerror or error}。请复制到本机后再试。") from error
    if not data:
        raise Unreadable("文件是空的（0 字节）。请重新下载。")
    return data


def kind_of(name: str, data: bytes) -> str:
    """pdf, docx, xlsx or text by content first, by suffix second. Raises `Unreadable` for anything else."""
    suffix = PurePath(name).suffix.lower()
    if b"%PDF" in data[:1024] or suffix == ".pdf":
        return "pdf"
    if suffix in (".docx", ".docm"):
        return "docx"
    if suffix in (".xlsx", ".xlsm", ".xls", ".et"):
        return "xlsx"
    if suffix == ".txt":
        return "text"
    if suffix in (".doc", ".wps"):
        raise Unreadable("这是旧版 Word/WPS 文字格式，无法直接读取。请用 Word 或 WPS 另存为 .docx 或 PDF 后再打开。")
    raise Unreadable(f"不支持这种文件（{suffix or '无后缀'}）。可以打开 PDF、Word（.docx）、Excel（.xlsx、.xls）、文本文件，或含这些文件的文件夹、.zip。")


def _read(file: Held, kind: str, ocr: bool, step: Step, plain: bool, cache: Path | None) -> _Read:
    if kind == "pdf":
        return _read_pdf(file.data, ocr, step, plain, cache)
    step(0, 1, "读取文件")
    if kind == "docx":
        from core.reading.word import read_word
        pages = read_word(file)
    elif kind == "xlsx":
        from core.reading.excel import read_excel
        pages = read_excel(file)
    else:
        from core.reading.plaintext import read_text
        pages = read_text(file)
    step(1, 1, "整理表格与章节")
    return _Read(pages)


def _read_pdf(data: bytes, ocr: bool, step: Step, plain: bool, cache: Path | None) -> _Read:
    """The text pages first, then the scanned ones: the slow part comes last."""
    from core.reading.grids import read_page
    from core.reading.pdf import PdfFile

    pdf = PdfFile(data, plain)
    collecting = gc.isenabled()
    gc.disable()  # nothing here is cyclic; looking for cycles among so many characters costs a sixth of the time
    try:
        read = _Read([], properties=pdf.properties())
        scans: list[int] = []
        carry = None
        total = len(pdf)
        for number in range(1, total + 1):
            step(number - 1, total, f"第 {number}/{total} 页：识别文字与表格")
            facts = pdf.page(number)
            page, carry = read_page(facts, carry)
            if facts.picture >= 0.5 or len(facts.chars) >= 20:
                from core.reading.scans import needs_ocr
                if needs_ocr(facts):
                    scans.append(number)
                    page = RawPage(number, facts.width, facts.height, "scan", ())
            read.pages.append(page)
    finally:
        pdf.close()
        if collecting:
            gc.enable()
    if ocr and scans:
        from core.reading.ocr import ocr_page
        for done, number in enumerate(scans, 1):
            step(total + done - 1, total + len(scans), f"扫描页 {done}/{len(scans)}（第 {number} 页）：文字识别")
            read.pages[number - 1] = ocr_page(data, number, cache=cache)
    else:
        read.unread = scans
    step(total, total, "整理表格与章节")
    return read


def _read_folder(path: Path, ocr: bool, template: str, step: Step, plain: bool, cache: Path | None) -> Document:
    from core.reading.assemble import assemble
    from core.reading.folders import merge, open_folder

    parts: list[tuple[str, list[RawPage]]] = []
    digest = hashlib.sha256()
    unread: list[int] = []
    before = 0
    for name, file in open_folder(path):
        data = _bytes(file)
        digest.update(name.encode() + b"\0" + data)
        read = _read(Held(name, data), kind_of(name, data), ocr, step, plain, cache)
        unread += [before + n for n in read.unread]
        before += len(read.pages)
        parts.append((name, read.pages))
    return assemble(str(path), digest.hexdigest(), "folder", merge(parts), template_id=template, unread=unread)
