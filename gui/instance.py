"""One window for all documents: a second start leaves its paths in a folder that the first one watches.

A lock file and a folder instead of a socket: nothing here opens a network port, and both work on locked-down machines.
"""
from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QLockFile, QTimer

log = logging.getLogger(__name__)

POLL, PATIENCE = 400, 3.0


class Instance:
    """Says whether this is the first start, and carries paths from later ones to it."""

    def __init__(self, folder: Path) -> None:
        self._inbox = folder / "inbox"
        self._inbox.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(folder / "window.lock"))
        self._lock.setStaleLockTime(0)  # only a dead owner makes a lock stale, not its age
        self.first = self._lock.tryLock(50)
        self._timer: QTimer | None = None

    def hand_over(self, paths: Sequence[str], patience: float = PATIENCE) -> bool:
        """Gives the paths to the running window. False when it does not take them: then this start opens its own."""
        name = uuid.uuid4().hex
        part, whole = self._inbox / f"{name}.part", self._inbox / f"{name}.json"
        part.write_text(json.dumps([str(Path(p).absolute()) for p in paths]), encoding="utf-8")
        part.replace(whole)
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if not whole.exists():
                return True
            time.sleep(0.05)
        whole.unlink(missing_ok=True)
        return False

    def watch(self, opened: Callable[[list[Path]], object], come_forward: Callable[[], object]) -> None:
        """From now on takes what later starts leave."""
        if not self.first:
            return
        for old in self._inbox.glob("*.part"):
            old.unlink(missing_ok=True)
        self._timer = QTimer(interval=POLL)
        self._timer.timeout.connect(lambda: self.take(opened, come_forward))
        self._timer.start()

    def take(self, opened: Callable[[list[Path]], object], come_forward: Callable[[], object]) -> None:
        for letter in sorted(self._inbox.glob("*.json")):
            try:
                paths = [Path(str(p)) for p in json.loads(letter.read_text(encoding="utf-8"))]
            except (OSError, ValueError, TypeError):
                log.warning("cannot read %s", letter)
                paths = []
            letter.unlink(missing_ok=True)
            if paths:
                opened(paths)
            come_forward()

    def leave(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        if self.first:
            self._lock.unlock()
