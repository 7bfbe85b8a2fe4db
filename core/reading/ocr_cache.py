"""What recognition gave of a page picture, kept on disk: a disclosure opened again is not read again.

A file is named by the hash of the picture, so a reissue reads only the pages that changed. Losing the folder costs time, nothing else.
"""
from __future__ import annotations

import gzip
import hashlib
import json
import os
from pathlib import Path
from typing import Any

LARGEST = 200 * 1024 * 1024
"""The oldest files go when the folder grows beyond this."""


def key_of(picture: bytes, *circumstances: object) -> str:
    """The name for a picture read under these circumstances (resolution, version of the reader)."""
    digest = hashlib.sha256(repr(circumstances).encode())
    digest.update(picture)
    return digest.hexdigest()


def load(folder: Path, key: str) -> dict[str, Any] | None:
    """What was kept under this key; None when nothing was, or when the file is damaged."""
    try:
        kept = json.loads(gzip.decompress(_file(folder, key).read_bytes()))
    except (OSError, EOFError, ValueError, gzip.BadGzipFile):
        return None
    return kept if isinstance(kept, dict) else None


def save(folder: Path, key: str, content: dict[str, Any]) -> None:
    """Keep this under the key. A full or read-only disk is no reason to stop reading."""
    target = _file(folder, key)
    draft = target.with_suffix(f".{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(gzip.compress(json.dumps(content, ensure_ascii=False).encode(), 5, mtime=0))
        draft.replace(target)
    except OSError:
        draft.unlink(missing_ok=True)
        return
    prune(folder)


def prune(folder: Path, largest: int = LARGEST) -> None:
    """Drop the files longest unused until the folder is small enough."""
    kept = [(p.stat().st_mtime, p.stat().st_size, p) for p in folder.glob("*/*.json.gz")]
    total = sum(size for _, size, _ in kept)
    for _, size, path in sorted(kept):
        if total <= largest:
            return
        path.unlink(missing_ok=True)
        total -= size


def _file(folder: Path, key: str) -> Path:
    return folder / key[:2] / f"{key}.json.gz"
