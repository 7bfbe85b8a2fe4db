"""Long work off the window's thread: core functions in a thread, and reading a disclosure in a process of its own.

Reading is pure Python for many seconds. In a thread it would take the interpreter lock from the window, so a process does it; the
result comes back pickled and is unpacked in a thread. Cancelling ends the process, which is felt at once.
"""
from __future__ import annotations

import contextlib
import gc
import logging
import multiprocessing
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from core.errors import Cancelled, Unreadable
from core.results import Result
from gui.lookup import Lookup

log = logging.getLogger(__name__)

STEP_SECONDS = 0.05


def warm_up() -> None:
    """Imports and loads in the background what the first document needs, once the window is on the screen."""
    def load() -> None:
        import core.images
        import core.review  # noqa: F401
        from core.layouts import templates
        templates()

    threading.Thread(target=load, name="warm-up", daemon=True).start()


class Job(QThread):
    """Runs one core function off the window's thread."""

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, work: Callable[[Callable[[int, int, str], None]], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work

    def step(self, done: int, total: int, label: str) -> None:
        if self.isInterruptionRequested():
            raise Cancelled
        self.progressed.emit(done, total, label)

    def run(self) -> None:
        try:
            result = self._work(self.step)
        except Cancelled:
            self.cancelled.emit()
        except Exception as error:
            log.exception("job failed")
            self.failed.emit(error)
        else:
            self.succeeded.emit(result)

    def cancel(self) -> None:
        self.requestInterruption()


def _review(path: Path, options: Any, step: Callable[[int, int, str], None]) -> Any:
    from core.corrections import kept
    from core.review import open_review
    return open_review(path, replace(options, corrections=kept(path)), step)


def _serve(out: Connection, work: Callable[..., Any], path: Path, options: Any) -> None:
    """The other process: does the work and sends what becomes of it."""
    last, stage = 0.0, ""

    def step(done: int, total: int, label: str) -> None:
        """Not every page is told of, but each new kind of work is."""
        nonlocal last, stage
        now = time.monotonic()
        if now - last >= STEP_SECONDS or label[:2] != stage:
            last, stage = now, label[:2]
            out.send(("step", (done, total, label)))

    try:
        result = work(path, options, step)
        gc.disable()  # packing makes no garbage worth a search
        body = pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
        out.send(("result", len(body)))
        out.send_bytes(body)
    except BrokenPipeError:
        return  # the window is gone, and nobody waits for this any more
    except Unreadable as error:
        out.send(("unreadable", str(error)))
    except Exception as error:
        import traceback
        out.send(("failed", (f"{type(error).__name__}: {error}", traceback.format_exc())))
    finally:
        out.close()


class ReadJob(QObject):
    """Reads and checks one disclosure in another process. Signals arrive on the window's thread."""

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    _arrived = Signal(str, object)

    def __init__(self, path: Path, options: Any, work: Callable[..., Any] = _review, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path, self._options, self._work = path, options, work
        self._stopped = False
        self._process: Any = None
        self.lookup: Lookup | None = None
        self._arrived.connect(self._on_arrived)

    def start(self) -> None:
        threading.Thread(target=self._follow, name=f"read {self._path.name}", daemon=True).start()

    def cancel(self) -> None:
        self._stopped = True
        process = self._process
        if process is not None and process.is_alive():
            process.terminate()
        self.cancelled.emit()

    def _follow(self) -> None:
        context = multiprocessing.get_context("spawn")
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_serve, args=(sender, self._work, self._path, self._options), daemon=True)
        try:
            process.start()
        except (OSError, RuntimeError) as error:
            log.exception("cannot start the reading process")
            self._tell("failed", f"无法启动读取进程：{error}")
            return
        self._process = process
        sender.close()
        if self._stopped:
            process.terminate()
        said = False
        try:
            while not said:
                kind, content = receiver.recv()
                said = kind != "step"
                if kind == "result":
                    content = _unpack(receiver.recv_bytes())
                    self.lookup = _indexed(content)
                elif kind == "failed":
                    log.error("reading %s failed\n%s", self._path, content[1])
                    content = f"读取时出现意外错误（{content[0]}），详情见“帮助 ▸ 运行日志”"
                elif kind == "unreadable":
                    kind = "failed"
                self._tell(kind, content)
        except (EOFError, OSError):
            if not said:
                process.join(5)
                self._tell("failed", f"读取进程意外退出（代码 {process.exitcode}），可按 F5 重新检查")
        finally:
            receiver.close()
            process.join(5)

    def _tell(self, kind: str, content: object) -> None:
        if not self._stopped:
            with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
                self._arrived.emit(kind, content)

    def _on_arrived(self, kind: str, content: object) -> None:
        if self._stopped:
            return
        if kind == "step":
            self.progressed.emit(*content)  # type: ignore[misc]
        elif kind == "result":
            self.succeeded.emit(content)
        else:
            self.failed.emit(content)


def _indexed(result: object) -> Lookup | None:
    """The indexes of a result, made here rather than when the window first asks."""
    if not isinstance(result, Result):
        return None
    with _no_collection():
        lookup = Lookup(result)
        lookup.warm()
    return lookup


def _unpack(body: bytes) -> Any:
    with _no_collection():
        return pickle.loads(body)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Without garbage collection, whose passes over a million fresh objects would be felt in the window; they are left out of later ones."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if enabled:
            gc.enable()
