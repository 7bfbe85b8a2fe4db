"""A file to a Document, whatever its format."""
from __future__ import annotations

import hashlib
from pathlib import Path

from core.errors import Step, Unreadable, no_step
from core.model import Document
from core.reading.pages import RawPage

PDF = (".pdf",)
LARGEST = 400 * 1024 * 1024


def read_document(path: Path, *, ocr: bool = True, template: str = "", step: Step = no_step, plain: bool = False) -> Document:
    """Read a disclosure. Raises `Unreadable` with a Chinese sentence when it cannot be read as one; `Cancelled` when stopped.

    `ocr=False` leaves scanned pages unread (they are listed). `plain=True` reads PDFs through pdfplumber alone (slow; cross-check).
    """
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
    kind = _kind(path, data)
    if kind == "pdf":
        return read_pdf(str(path), data, ocr=ocr, template=template, step=step, plain=plain)
    step(0, 1, "读取文件")
    return _assembled(path, data, kind, template)


def _kind(path: Path, data: bytes) -> str:
    """pdf, docx or xlsx by content first, by suffix second. Raises `Unreadable` for anything else."""
    suffix = path.suffix.lower()
    if b"%PDF" in data[:1024] or suffix in PDF:
        return "pdf"
    if suffix in (".docx", ".docm"):
        return "docx"
    if suffix in (".xlsx", ".xlsm", ".xls", ".et"):
        return "xlsx"
    if suffix in (".doc", ".wps"):
        raise Unreadable("这是旧版 Word/WPS 文字格式，无法直接读取。请用 Word 或 WPS 另存为 .docx 或 PDF 后再打开。")
    raise Unreadable(f"不支持这种文件（{suffix or '无后缀'}）。可以打开 PDF、Word（.docx）、Excel（.xlsx、.xls）文件。")


def _assembled(path: Path, data: bytes, kind: str, template: str) -> Document:
    from core.reading.assemble import assemble
    from core.reading.excel import read_excel
    from core.reading.word import read_word

    pages = read_word(path) if kind == "docx" else read_excel(path)
    return assemble(str(path), hashlib.sha256(data).hexdigest(), kind, pages, template_id=template)


def read_pdf(name: str, data: bytes, *, ocr: bool = True, template: str = "", step: Step = no_step, plain: bool = False) -> Document:
    """Read a PDF from memory."""
    from core.reading.assemble import assemble
    from core.reading.grids import read_page
    from core.reading.pdf import PdfFile

    pdf = PdfFile(data, plain)
    try:
        pages: list[RawPage] = []
        carry = None
        total = len(pdf)
        for number in range(1, total + 1):
            step(number - 1, total, f"第 {number}/{total} 页：识别文字与表格")
            made, carry = read_page(pdf.page(number), carry)
            pages.append(made)
        step(total, total, "整理表格与章节")
        return assemble(name, hashlib.sha256(data).hexdigest(), "pdf", pages, template_id=template, properties=pdf.properties())
    finally:
        pdf.close()
