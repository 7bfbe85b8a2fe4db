"""No part reaches for a network: not in the tests, not in the code, and reading works where there is none."""
from __future__ import annotations

import ast
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import NetworkUsed

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "resources" / "sample.pdf"
NETWORK = {"socket", "ssl", "http", "urllib", "urllib3", "requests", "ftplib", "smtplib", "xmlrpc", "socketserver", "aiohttp", "httpx", "websockets"}


# ------------------------------------------------------------------ the guard of the suite

@pytest.mark.parametrize("call", [
    lambda: socket.create_connection(("192.0.2.1", 80), timeout=0.1),
    lambda: socket.socket().connect(("192.0.2.1", 80)),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"", ("192.0.2.1", 53)),
    lambda: socket.getaddrinfo("example.invalid", 80),
], ids=["create_connection", "connect", "sendto", "getaddrinfo"])
def test_the_suite_notices_a_connection(call) -> None:
    with pytest.raises(NetworkUsed):
        call()


def test_pipes_between_processes_are_no_network() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.sendall(b"1")
        assert there.recv(1) == b"1"


# ------------------------------------------------------------------ the code

def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_module_of_the_program_can_speak_to_a_network() -> None:
    found = {f"{file.relative_to(ROOT)}: {name}" for folder in ("core", "gui") for file in (ROOT / folder).rglob("*.py")
             for name in imported(file)
             if name.split(".")[0] in NETWORK - {"urllib"} or name.startswith("urllib.request") or "QtNetwork" in name}
    assert found == set()


# ------------------------------------------------------------------ without any network

def cut_off() -> list[str]:
    unshare = shutil.which("unshare")
    if not unshare or subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system cannot take the network away from a program")
    return [unshare, "-rn"]


def check(*words: str, cwd: Path) -> dict:
    environment = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    done = subprocess.run([*cut_off(), sys.executable, str(ROOT / "main.py"), "check", *words, "--json", "-"], cwd=cwd, env=environment,
                          capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)["documents"][0]


def test_there_is_no_network_in_there() -> None:
    probe = "import socket; s = socket.socket(); s.settimeout(2); print(s.connect_ex(('192.0.2.1', 80)))"
    done = subprocess.run([*cut_off(), sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert int(done.stdout) != 0


def test_the_sample_is_checked_without_a_network(tmp_path: Path) -> None:
    document = check(str(SAMPLE), cwd=tmp_path)
    assert document["tables"] and document["findings"]


@pytest.mark.slow
def test_a_scanned_page_is_recognised_without_a_network(tmp_path: Path) -> None:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(SAMPLE)
    picture = pdf[3].render(scale=150 / 72).to_pil().convert("L")
    pdf.close()
    picture.save(tmp_path / "扫描.pdf", resolution=150)
    document = check("扫描.pdf", cwd=tmp_path)
    assert document["ocr_pages"] == [1]
    assert document["unread_pages"] == []
    assert sum(bool(cell) for table in document["tables"] for row in table["rows"] for cell in row) > 10
