"""Office files as PDF, for showing only: made by LibreOffice where it is installed, off the network and leaving nothing behind."""
from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from core.errors import Step, no_step

log = logging.getLogger(__name__)

SECONDS = 300.0
"""A conversion that takes longer is given up."""
BOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".et"})
TEXTS = frozenset({".docx", ".docm", ".txt"})
SUFFIXES = BOOKS | TEXTS
_SHEETS = 'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}'
"""One page a sheet: paper would cut wide tables apart."""
_SETTINGS = (
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Misc", "UseLocking", "false"),
    ("Writer/Content/Update", "Link", "2"),
    ("Calc/Content/Update", "Link", "2"),
)
_NOWHERE = (("ooInetProxyType", "2"), ("ooInetHTTPProxyName", "127.0.0.1"), ("ooInetHTTPProxyPort", "9"), ("ooInetHTTPSProxyName", "127.0.0.1"),
            ("ooInetHTTPSProxyPort", "9"), ("ooInetNoProxy", ""))
"""A proxy where nobody listens: what a file refers to outside itself is not fetched."""


@cache
def program() -> str | None:
    """LibreOffice on this machine, None where there is none."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    usual = [Path(os.environ[k]) / "LibreOffice" / "program" / "soffice.exe" for k in ("ProgramFiles", "ProgramFiles(x86)") if os.environ.get(k)]
    usual.append(Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"))
    return found or next((str(p) for p in usual if p.is_file()), None)


def to_pdf(files: Mapping[str, tuple[str, bytes]], step: Step = no_step) -> dict[str, bytes]:
    """PDFs of files given as name to (suffix, content), by the same names; a file that cannot be converted is left out.

    Raises `Unreadable` for a text in no known encoding, and `Cancelled` when `step` does, which is asked several times a second.
    """
    office = program()
    if office is None or not files:
        return {}
    with tempfile.TemporaryDirectory(prefix="gouji-", ignore_cleanup_errors=True) as where:
        folder = Path(where)
        _write_profile(folder / "profile")
        jobs: dict[str, dict[str, Path]] = {}
        for number, (name, (suffix, data)) in enumerate(files.items()):
            file = folder / f"{number}{suffix.lower()}"  # never by the name it has: it goes on a command line
            file.write_bytes(_marked_text(name, data) if suffix.lower() == ".txt" else data)
            jobs.setdefault(_SHEETS if suffix.lower() in BOOKS else "pdf", {})[name] = file
        made: dict[str, bytes] = {}
        for form, sources in jobs.items():
            ended = _run([office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", "--nolockcheck", "--nologo",
                  "--nodefault", "--convert-to", form, "--outdir", str(folder), *map(str, sources.values())], folder, step)
            if ended:  # else a PDF may be there in part
                pdfs = {name: file.with_suffix(".pdf") for name, file in sources.items()}
                made |= {name: pdf.read_bytes() for name, pdf in pdfs.items() if pdf.is_file()}
        return made


def _marked_text(name: str, data: bytes) -> bytes:
    """A text in the one encoding that is not guessed."""
    from core.reading.plaintext import decoded
    return decoded(data, data[:4096], name).lstrip("\ufeff").encode("utf-8-sig")


def _write_profile(profile: Path) -> None:
    items = [("org.openoffice.Office." + path, name, value) for path, name, value in _SETTINGS]
    items += [("org.openoffice.Inet/Settings", name, value) for name, value in _NOWHERE]
    rows = "".join(f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
                   for path, name, value in items)
    user = profile / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{rows}</oor:items>', "utf-8")


def _environment(folder: Path) -> dict[str, str]:
    """Ours without what a packaged program or a proxy adds; everything it writes goes to `folder`."""
    kept = {k: v for k, v in os.environ.items() if "proxy" not in k.lower() and not k.startswith(("QT_", "PYTHON", "_PYI", "_MEI"))}
    if getattr(sys, "frozen", False):
        kept.pop("LD_LIBRARY_PATH", None)
        if "LD_LIBRARY_PATH_ORIG" in os.environ:
            kept["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH_ORIG"]
    return kept | {"HOME": str(folder), "TMPDIR": str(folder), "TMP": str(folder), "TEMP": str(folder), "SAL_USE_VCLPLUGIN": "svp"}


def _run(command: Sequence[str], folder: Path, step: Step) -> bool:
    """Runs it to its end, to that of our patience, or until `step` says stop; nothing of it is left running. Whether it ended well."""
    windows = sys.platform == "win32"
    flags = 0x08004000 if windows else 0  # no console window, and below what the reviewer is doing
    if not windows and shutil.which("nice"):
        command = ["nice", *command]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=folder, env=_environment(folder), stdin=quiet, stdout=quiet, stderr=quiet,
                          start_new_session=not windows, creationflags=flags) as process:
        end = time.monotonic() + SECONDS
        try:
            while process.poll() is None:
                step(0, 0, "转换版面")
                if time.monotonic() > end:
                    log.warning("conversion given up after %.0f s", SECONDS)
                    return False
                time.sleep(0.1)
            if process.returncode:
                log.warning("conversion ended with %s", process.returncode)
            return process.returncode == 0
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends it with the programs it has started."""
    if sys.platform == "win32":
        if process.poll() is None:
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False, creationflags=0x08000000)
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
