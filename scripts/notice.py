"""Writes NOTICE and resources/licences/ from what is packed: every distribution pinned in requirements/run.txt, and what they carry.

Run it after requirements/run.txt changes. `--check` only says whether something is missing or may not be handed on.
"""
from __future__ import annotations

import argparse
import ast
import re
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "resources" / "licences"
REQUIREMENTS = ROOT / "requirements" / "run.txt"
LICENCE_FILE = re.compile(r"licen[cs]e|copying|^notice|authors|thirdparty", re.IGNORECASE)

# What a distribution's metadata leaves out or says loosely: the SPDX expression, and where the text is when the wheel has none.
SPDX = {
    "certifi": "MPL-2.0", "colorama": "BSD-3-Clause", "colorlog": "MIT", "charset-normalizer": "MIT", "et-xmlfile": "MIT",
    "flatbuffers": "Apache-2.0", "jinja2": "BSD-3-Clause", "lark": "MIT", "omegaconf": "BSD-3-Clause", "onnxruntime": "MIT",
    "opencv-python-headless": "Apache-2.0", "openpyxl": "MIT", "pdfplumber": "MIT", "protobuf": "BSD-3-Clause", "pyclipper": "MIT",
    "pypdfium2": "BSD-3-Clause OR Apache-2.0", "pyyaml": "MIT", "requests": "Apache-2.0", "six": "MIT", "tqdm": "MPL-2.0 AND MIT",
    "xlrd": "BSD-3-Clause", "pyside6-essentials": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
    "shiboken6": "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
}
QT = """Qt for Python (PySide6, Shiboken6) and Qt 6
Copyright (C) The Qt Company Ltd. and other contributors.

Used here under the GNU Lesser General Public License, version 3 (LGPL-3.0.txt, which refers to GPL-3.0.txt).
The libraries are unchanged and lie as separate files in the program's folder (_internal/PySide6, _internal/shiboken6), so that they can be
replaced by other builds of the same version. Reverse engineering for debugging such changes is permitted.
Source code: https://download.qt.io/official_releases/QtForPython/ and https://download.qt.io/official_releases/qt/ (the version is in NOTICE).
Qt itself contains further works under permissive licences (among them FreeType, HarfBuzz, ICU, libjpeg-turbo, libpng, PCRE2, zlib,
Unicode data): https://doc.qt.io/qt-6/licenses-used-in-qt.html
"""
BSD3 = """Redistribution and use in source and binary forms, with or without modification, are permitted provided that the following conditions
are met:

* Redistributions of source code must retain the above copyright notice, this list of conditions and the following disclaimer.
* Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following disclaimer in the
  documentation and/or other materials provided with the distribution.
* Neither the name of the copyright holders, nor those of its contributors may be used to endorse or promote products derived from this
  software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED
TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR
CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO,
PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF
LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""
WITHOUT_TEXT = {
    "pyside6-essentials": QT,
    "shiboken6": QT,
    "flatbuffers": "FlatBuffers, Copyright Google Inc. and contributors. Licensed under the Apache License, Version 2.0 (Apache-2.0.txt).\n",
    "colorama": "Copyright (c) 2010 Jonathan Hartley. All rights reserved. (Packed in the Windows program only.)\n\n" + BSD3,
}
HEAD = """勾稽 Gouji
Copyright the Gouji contributors. Licensed under the Apache License, Version 2.0 (see LICENSE).

This product contains the works below, unchanged. Their licence texts are in resources/licences (in the program: 帮助 ▸ 关于).
Written by scripts/notice.py from requirements/run.txt and the metadata of the packed distributions.

"""


@dataclass(frozen=True)
class Entry:
    """One packed work. `file`: where its terms are in resources/licences."""

    name: str
    version: str
    licence: str
    file: str
    note: str = ""


OTHERS = (
    Entry("Python", "3.11 or newer", "PSF-2.0", "python.txt"),
    Entry("Qt", "as PySide6-Essentials", "LGPL-3.0-only", "pyside6-essentials.txt", "shared libraries in _internal/PySide6"),
    Entry("PDFium", "as pypdfium2", "BSD-3-Clause AND Apache-2.0", "pypdfium2.txt", "with FreeType, libjpeg-turbo, OpenJPEG, lcms, ICU and others"),
    Entry("PP-OCRv6 models", "as rapidocr", "Apache-2.0", "rapidocr.txt", "copyright Baidu / PaddleOCR, converted to ONNX by RapidOCR"),
    Entry("FFmpeg", "as opencv-python-headless", "LGPL-2.1-or-later", "opencv-python-headless.txt", "shared libraries beside OpenCV (Linux, macOS); not in the Windows program"),
    Entry("OpenBLAS, libgfortran", "as numpy", "BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1", "numpy.txt"),
    Entry("GEOS", "as shapely", "LGPL-2.1-or-later", "shapely.txt", "shared library"),
    Entry("WenQuanYi Micro Hei 文泉驿微米黑", "0.2.0-beta", "Apache-2.0 OR GPL-3.0-or-later WITH Font-exception-2.0", "wqy-microhei.txt"),
    Entry("PyInstaller bootloader", "as requirements/dev.txt", "GPL-2.0-or-later WITH Bootloader-exception", "pyinstaller.txt", "the start of the packaged programs"),
    Entry("System libraries", "of the machine that built", "MIT, LGPL-2.1-or-later, Zlib, BSD, Apache-2.0", "LGPL-2.1.txt",
          "Linux only: X11/XCB, xkbcommon, fontconfig, FreeType, D-Bus, GLib, OpenSSL, libstdc++, each as its own shared library"),
)
STRONG = re.compile(r"A?GPL-\d")


def may_be_handed_on(licence: str) -> bool:
    """Whether one of the alternatives is neither GPL nor AGPL. GPL with an exception for linking does no harm."""
    def harmless(part: str) -> bool:
        return all(not STRONG.match(term.strip(" ()")) or " WITH " in term for term in re.split(r" AND |, ", part))
    return bool(licence) and any(harmless(part) for part in licence.split(" OR "))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required() -> dict[str, str]:
    """Every pinned distribution of the program with its version, those for other systems or Pythons too."""
    pins: dict[str, str] = {}
    for name, version in re.findall(r"^([\w.-]+)==(\S+)", REQUIREMENTS.read_text("utf-8"), re.MULTILINE):
        pins[normal(name)] = f"{pins[normal(name)]} / {version}" if normal(name) in pins else version
    return pins


def entries() -> Iterator[Entry]:
    for name, version in required().items():
        yield Entry(name, version, _licence(name), f"{name}.txt")


def _licence(name: str) -> str:
    if name in SPDX:
        return SPDX[name]
    about = metadata.metadata(name)
    return str(about.get("License-Expression") or about.get("License") or "")


def text_of(name: str) -> str:
    """The licence files that a distribution carries, each under its name."""
    if name in WITHOUT_TEXT:
        return WITHOUT_TEXT[name]
    files = sorted({f for f in metadata.files(name) or [] if (LICENCE_FILE.search(f.name) or ".dist-info/licenses/" in f.as_posix())
                    and not f.name.endswith((".py", ".pyc"))}, key=str)
    inner = [f for f in files if ".dist-info" in str(f)]
    pieces: list[str] = []
    for file in inner or files:
        shown = re.sub(r"^[^/]*\.dist-info/(licenses/)?", "", file.as_posix())
        text = Path(str(file.locate())).read_text("utf-8", errors="replace").replace("\r\n", "\n").strip()
        if text not in "\n".join(pieces):
            pieces.append(f"==== {shown} ====\n\n{text}\n")
    return "\n".join(pieces)


def notice() -> str:
    lines = [HEAD]
    for entry in (*sorted(entries(), key=lambda e: e.name), *OTHERS):
        note = f"\n    {entry.note}" if entry.note else ""
        lines.append(f"{entry.name} ({entry.version})\n    {entry.licence}; {entry.file}{note}\n")
    return "\n".join(lines)


def write() -> None:
    for entry in entries():
        text = text_of(entry.name)
        if text or not (TEXTS / entry.file).exists():
            (TEXTS / entry.file).write_text(text, "utf-8", newline="\n")
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if python.exists():
        (TEXTS / "python.txt").write_text(python.read_text("utf-8"), "utf-8", newline="\n")
    if text := text_of("pyinstaller"):
        (TEXTS / "pyinstaller.txt").write_text(text, "utf-8", newline="\n")
    for target in (ROOT / "NOTICE", TEXTS / "NOTICE.txt"):
        target.write_text(notice(), "utf-8", newline="\n")


def wrong() -> list[str]:
    """What is missing, or may not be handed on."""
    said = (ROOT / "NOTICE").read_text("utf-8")
    found = []
    for entry in (*entries(), *OTHERS):
        if not may_be_handed_on(entry.licence):
            found.append(f"{entry.name}: licence “{entry.licence}”")
        if f"{entry.name} ({entry.version})\n    {entry.licence}; {entry.file}" not in said:
            found.append(f"{entry.name} {entry.version}: not in NOTICE")
        if not (TEXTS / entry.file).is_file() or (TEXTS / entry.file).stat().st_size < 80:
            found.append(f"{entry.name}: no licence text")
    return found


def strangers(work: Path) -> set[str]:
    """Distributions that PyInstaller packed although requirements/run.txt does not name them. `work`: where it left its lists."""
    owners = {str(Path(str(file.locate())).resolve()): normal(dist.metadata["Name"])
              for dist in metadata.distributions() for file in dist.files or []}
    packed = {owners.get(str(Path(source).resolve()), "") for name in ("PYZ-00.toc", "COLLECT-00.toc")
              for source in _sources(ast.literal_eval((work / name).read_text("utf-8")))}
    return packed - set(required()) - {"", "pyinstaller"}


def _sources(listed: Any) -> Iterator[str]:
    if isinstance(listed, tuple | list):
        if len(listed) >= 3 and isinstance(listed[0], str) and isinstance(listed[1], str) and "site-packages" in listed[1]:
            yield listed[1]
        else:
            for item in listed:
                yield from _sources(item)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    if not parser.parse_args().check:
        write()
    problems = wrong()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
