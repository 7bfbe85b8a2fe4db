"""Office files opened safely: what kind they are, the parts inside, and why they cannot be read."""
from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from core.errors import Unreadable

MAX_FILE = 300 * 1024 * 1024
MAX_UNPACKED = 1024 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Held:
    """A file in memory, such as a part of a .zip: what is not yet published is never unpacked to where others may find it."""

    name: str
    data: bytes

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix

    def read_bytes(self) -> bytes:
        return self.data


Source = Path | Held


def source(file: str | Path | Held) -> Source:
    return Path(file) if isinstance(file, str) else file


def opened(file: Source) -> str | BytesIO:
    """What the libraries read a file from."""
    return BytesIO(file.data) if isinstance(file, Held) else str(file)


def head(path: Source, size: int = 4096) -> bytes:
    """The first bytes of a file, or Unreadable when it is missing, empty or too big."""
    try:
        length = len(path.data) if isinstance(path, Held) else path.stat().st_size
        if length == 0:
            raise Unreadable(f"{path.name} 是空文件，请重新下载后再打开。")
        if length > MAX_FILE:
            raise Unreadable(f"{path.name} 超过 {MAX_FILE // 1024 // 1024} MB，请拆分后再打开。")
        if isinstance(path, Held):
            return path.data[:size]
        with path.open("rb") as file:
            return file.read(size)
    except FileNotFoundError:
        raise Unreadable(f"找不到文件 {path.name}，可能已被移动或删除。") from None
    except IsADirectoryError:
        raise Unreadable(f"{path.name} 是文件夹，不是文件。") from None
    except PermissionError:
        raise Unreadable(f"没有权限读取 {path.name}，请检查文件权限，或关闭正在使用它的程序。") from None


def is_ole(start: bytes) -> bool:
    """The container of old Office files, and of encrypted new ones."""
    return start.startswith(_OLE)


def is_zip(start: bytes) -> bool:
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def is_encrypted_office(path: Source) -> bool:
    """Whether an OLE file is a docx or xlsx behind a password (its stream is named EncryptedPackage)."""
    return "EncryptedPackage".encode("utf-16-le") in head(path, 8 * 1024 * 1024)


def open_parts(path: Source, wanted: str, program: str) -> zipfile.ZipFile:
    """A docx or xlsx as a zip whose part `wanted` is there. `program` names the way out ("Word 或 WPS")."""
    start = head(path)
    if is_ole(start):
        if is_encrypted_office(path):
            raise Unreadable(f"{path.name} 有打开密码，请先在 {program} 中去掉密码再打开。")
        raise Unreadable(f"{path.name} 是旧格式，请用 {program} 另存为新格式（.docx 或 .xlsx）后再打开。")
    try:
        parts = zipfile.ZipFile(opened(path))
        names = set(parts.namelist())
    except zipfile.BadZipFile:
        raise Unreadable(f"{path.name} 已损坏或不是 Office 文件，请用 {program} 打开并另存后再试。") from None
    if sum(info.file_size for info in parts.infolist()) > MAX_UNPACKED:
        parts.close()
        raise Unreadable(f"{path.name} 解开后过大，无法读取。")
    if wanted not in names:
        parts.close()
        raise Unreadable(f"{path.name} 里没有所需的内容（{wanted}），可能已损坏，请用 {program} 另存后再试。")
    return parts


def part_xml(parts: zipfile.ZipFile, name: str, path: Source) -> ElementTree.Element | None:
    """A part parsed, None when it is absent. Office parts never hold a DTD; one that does is refused."""
    try:
        data = parts.read(name)
    except KeyError:
        return None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError):
        raise Unreadable(f"{path.name} 已损坏（{name} 无法解压），请重新下载或另存后再试。") from None
    if b"<!DOCTYPE" in data[:2048]:
        raise Unreadable(f"{path.name} 含有不允许的内容（{name}），不予读取。")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError:
        raise Unreadable(f"{path.name} 已损坏（{name} 不完整），请用 Word 或 WPS 修复后另存再试。") from None
