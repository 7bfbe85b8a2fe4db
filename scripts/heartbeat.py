"""Measures how long the window stands still while documents are read and checked, and how much memory it takes.

    python scripts/heartbeat.py FILE…        (the bundled sample without files)

A timer beats every 5 ms in the window's thread. A gap is how long nothing could happen there; `busy` is the part of it in which the
window itself was computing, which is what a machine with a free core would see.
"""
from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

BEAT = 0.005


def wait(seconds: float) -> None:
    """Lets the window run as it does in the program. QTest.qWait would keep the interpreter from all other threads meanwhile."""
    from PySide6.QtCore import QEventLoop, QTimer
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def main(files: list[str]) -> int:
    import psutil
    from PySide6.QtCore import QSettings, QTimer

    import core.paths
    user = Path(tempfile.mkdtemp())
    core.paths.user_data = lambda: user
    import core.review_file
    import gui.state
    core.review_file.user_data = gui.state.user_data = lambda: user
    from gui import theme
    from gui.app import make_application
    from gui.main_window import MainWindow
    from gui.state import State

    app = make_application()
    theme.apply(app)
    state = State(QSettings(str(user / "settings.ini"), QSettings.Format.IniFormat))
    window = MainWindow(state)
    window.resize(1680, 1000)
    window.restore()
    window.show()
    wait(2.0)
    gaps: list[tuple[float, float, float]] = []
    start = time.perf_counter()
    last = [start, time.thread_time()]

    def beat() -> None:
        now, used = time.perf_counter(), time.thread_time()
        gaps.append((now - last[0] - BEAT, used - last[1], now - start))
        last[:] = [now, used]

    timer = QTimer(interval=int(BEAT * 1000))
    timer.timeout.connect(beat)
    timer.start()
    canvas = window.page_view.canvas
    drawn: list[float] = []
    put = canvas._cache.put

    def first(*what: object) -> None:
        drawn.append(time.perf_counter() - start)
        put(*what)

    canvas._cache.put = first
    QTimer.singleShot(0, lambda: state.open([Path(f) for f in files] or [core.paths.resource("sample.pdf")]))
    wait(0.02)
    while any(d.busy for d in state.documents):
        wait(0.02)
    for doc in list(state.documents):
        QTimer.singleShot(0, lambda doc=doc: state.show(doc))
        wait(0.06)
        for _ in range(5):
            QTimer.singleShot(0, lambda: state.step_finding(1))
            wait(0.06)
    timer.stop()
    gaps.sort(reverse=True)
    rss = psutil.Process().memory_info().rss / 2**20
    print(f"{len(state.documents)} documents, {sum(len(d.result.document.pages) for d in state.documents if d.result)} pages, "
          f"{time.perf_counter() - start:.1f} s, {rss:.0f} MiB, load {os.getloadavg()[0]:.1f}")
    print(f"first page on screen after {drawn[0]:.2f} s" if drawn else "no page was drawn")
    print("longest gaps:", ", ".join(f"{1000 * g:.0f} ms (busy {1000 * b:.0f}) at {t:.1f} s" for g, b, t in gaps[:6]))
    print("longest busy:", ", ".join(f"{1000 * b:.0f} ms at {t:.1f} s" for _, b, t in sorted(gaps, key=lambda g: -g[1])[:6]))
    window._disk.stop()
    state.flush()
    window.page_view.canvas.stop()
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
