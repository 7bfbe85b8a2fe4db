"""A folder or .zip that holds one disclosure in parts: what its parts are, in which order, and whether it is one at all."""
from __future__ import annotations

import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from core.errors import Unreadable
from core.model import PageId, Place
from core.reading.office import head, is_zip
from core.reading.pages import Block, RawGrid, RawPage
from core.text import fold

SUFFIXES = frozenset({".pdf", ".docx", ".xlsx", ".xls", ".xlsm", ".et", ".txt"})
MAX_PARTS = 200
MAX_PART = 300 * 1024 * 1024
MAX_TOTAL = 1024 * 1024 * 1024
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMERAL = re.compile(r"[零〇一二三四五六七八九十百]+|\d+")
_PART = re.compile(r"封面|目录|说明|附件|附表|报表|名词解释|绩效|指导性目录|概况|文字|正文|第[一二三四五六七八九十\d]+部分|(?:公开|收支|总|支出|收入)?表|表格|三公|政府采购|资产|扫描件?|"
                   r"其他|续")
_ORDINAL = re.compile(r"^[(（【\[]?(?:附件|附表|附|表|第)?\s*(?:\d{1,2}(?!\d)|[一二三四五六七八九十]{1,3})(?=[\s、.．,，:：)）\]】_\-—]|部分|[^\d年])[)）\]】]?(?:部分)?[\s、.．,，:：_\-—]*")
_PLAIN = re.compile(r"(?:19|20)\d\d年?度?|部门|单位|预算|决算|信息|公开|情况|[\s_\-—()（）【】\[\]、.，,:：“”\"]|最终|定稿|终稿|盖章版?|副本|新|\d+$")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年|[^\d]|$)")
_JUNK = re.compile(r"^(?:~\$|\.[^.]|__MACOSX|Thumbs\.db)", re.IGNORECASE)

@dataclass(frozen=True)
class Member:
    """A file in a .zip, read into memory when it is wanted and never unpacked."""

    archive: Path
    info: zipfile.ZipInfo
    name: str

    def read_bytes(self) -> bytes:
        try:
            with _open_zip(self.archive) as archive, archive.open(self.info) as file:
                return _limited(file, self.archive)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
            raise Unreadable(f"{self.archive.name} 里的 {self.name} 已损坏，无法解压，请重新下载。") from None


def open_folder(path: str | Path) -> list[tuple[str, Path | Member]]:
    """The parts of a disclosure in order: (name, file)."""
    path = Path(path)
    parts: list[tuple[str, Path | Member]]
    if path.is_dir():
        found = [p for p in sorted(path.rglob("*")) if p.is_file() and _wanted(p.relative_to(path).parts)]
        parts = [(str(PurePosixPath(*p.relative_to(path).parts)), p) for p in found]
    else:
        parts = [(m.name, m) for m in _members(path)]
    if not parts:
        raise Unreadable(f"{path.name} 里没有可以读取的文件（PDF、Word、Excel、文本）。")
    if len(parts) > MAX_PARTS:
        raise Unreadable(f"{path.name} 里有 {len(parts)} 个文件，超过 {MAX_PARTS} 个，请只打开一份公开材料所在的文件夹。")
    return sorted(parts, key=lambda part: in_order(part[0]))


def is_disclosure(folder: str | Path) -> bool:
    """Whether the files of a folder or .zip are parts of one disclosure, rather than disclosures of their own.

    Parts say so in their names (封面, 说明, 附表1, 表三 …), and what is left of the names speaks of one body and one year.
    """
    folder = Path(folder)
    try:
        names = _names(folder)
    except Unreadable:
        return False
    names = [n for n in names if _wanted(PurePosixPath(n).parts)]
    return parts_of_one(names)


def parts_of_one(names: Sequence[str]) -> bool:
    """Whether these file names are those of the parts of one disclosure."""
    stems = [fold(PurePosixPath(n).stem) for n in names]
    if len(stems) < 2 or len(set(stems)) < len(stems):
        return False
    if len({y for s in stems for y in _YEAR.findall(s)}) > 1:
        return False
    speaking = [s for s in stems if _ORDINAL.match(s) or _PART.search(s)]
    # One file may be the disclosure itself, the others what belongs to it.
    if len(speaking) < len(stems) - 1:
        return False
    bodies = {b for s in stems if (b := _body(s))}
    longest = max(bodies, key=len, default="")
    return all(b in longest for b in bodies)


def _body(stem: str) -> str:
    """What a name says of the body: the name without part words, year and the usual phrases."""
    rest = _ORDINAL.sub("", stem)
    rest = _PLAIN.sub("", _PART.sub("", rest))
    return rest if len(rest) >= 3 and re.search("[一-龥]{3}", rest) else ""


def in_order(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts names as people number them: 表二 before 表十, 2 before 10, the cover first."""
    key: list[tuple[int, int, str]] = []
    for piece in PurePosixPath(unicodedata.normalize("NFKC", name)).parts:
        stem = PurePosixPath(piece).stem
        key.append((0 if "封面" in stem else 1 if re.search("目录$", stem) and "指导性" not in stem else 2, 0, ""))
        at = 0
        for found in _NUMERAL.finditer(stem):
            key.append((1, 0, stem[at:found.start()]))
            key.append((0, numeral(found.group()), ""))
            at = found.end()
        key.append((1, 0, stem[at:]))
    return tuple(key)


def numeral(text: str) -> int:
    """A number in digits or Chinese numerals up to 999."""
    if text.isdigit():
        return int(text)
    total, now = 0, 0
    for char in text:
        if char in "十百":
            total += (now or 1) * (10 if char == "十" else 100)
            now = 0
        else:
            now = now * 10 + _DIGITS[char]
    return total + now


def merge(parts: Sequence[tuple[str, Sequence[RawPage]]]) -> list[RawPage]:
    """The pages of all parts as one sequence. Every place names its part: "说明.docx 正文 段落 3", "表.pdf 第 2 页"."""
    out: list[RawPage] = []
    for name, pages in parts:
        printed = all(isinstance(b.page, int) for page in pages for b in page.blocks)
        for number, page in enumerate(pages, 1):
            blocks = tuple(_relabelled(b, name) for b in page.blocks)
            out.append(replace(page, number=len(out) + 1, blocks=blocks, name=page_name(number, name) if printed else name))
    return out


def page_name(page: PageId, name: str) -> str:
    """What a page of a part is called."""
    return f"{name} 第 {page} 页" if isinstance(page, int) else f"{name} {page}"


def _relabelled(block: Block, name: str) -> Block:
    if not isinstance(block, RawGrid):
        return replace(block, page=page_name(block.page, name))
    rows = tuple(tuple(c if c is None or c.place is None else replace(c, place=Place(page_name(c.place.page, name), c.place.box)) for c in row)
                 for row in block.rows)
    return replace(block, page=page_name(block.page, name), rows=rows)


# ------------------------------------------------------------------ zip

def _wanted(parts: Sequence[str]) -> bool:
    return bool(parts) and not any(_JUNK.match(p) for p in parts) and PurePosixPath(parts[-1]).suffix.lower() in SUFFIXES


def _names(path: Path) -> list[str]:
    if path.is_dir():
        return [str(PurePosixPath(*p.relative_to(path).parts)) for p in path.rglob("*") if p.is_file()]
    with _open_zip(path) as archive:
        return [decoded_name(info) for info in archive.infolist() if not info.is_dir()]


def _open_zip(path: Path) -> zipfile.ZipFile:
    if not is_zip(head(path)):
        raise Unreadable(f"{path.name} 不是 zip 压缩包，或已损坏。")
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise Unreadable(f"{path.name} 已损坏，无法解压，请重新下载。") from None


def decoded_name(info: zipfile.ZipInfo) -> str:
    """A member's name. Chinese Windows writes names in GBK without saying so, and zipfile then shows them as code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def _members(path: Path) -> list[Member]:
    head(path)
    with _open_zip(path) as archive:
        members = [(decoded_name(i), i) for i in archive.infolist() if not i.is_dir()]
    nested = [n for n, _ in members if PurePosixPath(n).suffix.lower() in (".zip", ".rar", ".7z")]
    if nested:
        raise Unreadable(f"{path.name} 里还有压缩包（{nested[0]}），请先解压再打开文件夹。")
    members = [(n, i) for n, i in members if _wanted(PurePosixPath(n).parts)]
    if any(info.flag_bits & 1 for _, info in members):
        raise Unreadable(f"{path.name} 有解压密码，请先解压再打开文件夹。")
    if len(members) > MAX_PARTS:
        raise Unreadable(f"{path.name} 里有 {len(members)} 个文件，超过 {MAX_PARTS} 个，请只打开一份公开材料。")
    if any(i.file_size > MAX_PART for _, i in members) or sum(i.file_size for _, i in members) > MAX_TOTAL:
        raise Unreadable(f"{path.name} 解压后过大，请先解压并拆分后再打开。")
    used: Counter[str] = Counter()
    out: list[Member] = []
    for name, info in members:
        clean = _safe_name(name, path)
        used[clean] += 1
        out.append(Member(path, info, clean if used[clean] == 1 else f"{clean} ({used[clean]})"))
    return out


def _safe_name(name: str, path: Path) -> str:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if any(p == ".." or p.startswith("/") or re.match("[A-Za-z]:", p) for p in parts):
        raise Unreadable(f"{path.name} 里的文件名不安全（{name}），不予读取。")
    return str(PurePosixPath(*parts))


def _limited(file: IO[bytes], path: Path) -> bytes:
    """What a member holds, stopping where it turns out bigger than its header said."""
    data = file.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise Unreadable(f"{path.name} 解压后过大，请先解压并拆分后再打开。")
    return data
