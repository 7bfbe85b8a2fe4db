"""Nothing that a reviewer decided is lost: autosave, kill, damage, a changed file, a check anew, an error nobody caught."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from core import review_file
from core.results import Result
from core.review_file import CONFIRMED, OPEN
from gui import undo
from gui.state import State
from tests.gui.desk import StillReader, result_for

ROOT = Path(__file__).resolve().parents[2]


def verdicts_on_disk(state):
    path = review_file.file_of(state.current.review.sha256)
    return json.loads(path.read_text("utf-8"))["verdicts"] if path.exists() else {}


def confirm(state, number=0):
    finding = state.listed()[number]
    undo.decide(state, [finding], CONFIRMED)
    return finding


def test_a_verdict_is_on_disk_within_two_seconds(window, state, qtbot):
    finding = confirm(state)
    qtbot.waitUntil(lambda: finding.fingerprint in verdicts_on_disk(state), timeout=2000)
    assert not state.unsaved


@pytest.mark.parametrize("after", [1.5, 2.6])
def test_a_killed_process_loses_nothing_older_than_two_seconds(tmp_path, after):
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-m", "tests.gui.decider", str(tmp_path)], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    said: list[tuple[float, str]] = []
    assert process.stdout is not None
    for line in process.stdout:
        when, fingerprint = line.split()
        said.append((float(when), fingerprint))
        if said[-1][0] - said[0][0] > after:
            break
    killed = time.time()
    process.send_signal(signal.SIGKILL)
    process.wait()
    (path,) = [p for p in (tmp_path / "user" / "reviews").glob("*.json") if p.name != "index.json"]
    kept = json.loads(path.read_text("utf-8"))["verdicts"]
    old = {f for when, f in said if when < killed - 2.0}
    assert old <= set(kept)
    assert kept, "nothing at all was saved"


def test_a_damaged_review_blocks_and_offers_the_last_good_one(window, state, qtbot, pdf):
    finding = confirm(state)
    state.flush()
    confirm(state, 1)
    state.flush()
    path = review_file.file_of(state.current.review.sha256)
    path.write_text("{damaged", "utf-8")
    state.close(state.current)
    doc = state.open([pdf])[0]
    qtbot.waitUntil(lambda: doc.result is not None)
    assert doc.corrupt is not None and not undo.can_decide(state)
    assert "已损坏" in window.banner._notice.text() and window.banner._first.isVisible()
    state.flush()
    assert path.read_text("utf-8") == "{damaged"
    window.banner._first.click()
    assert doc.corrupt is None and doc.verdict(finding).state == CONFIRMED
    assert list(path.parent.glob("*.corrupt-*.json"))


def test_a_failed_write_is_told_once_and_tried_again(window, state, qtbot, monkeypatch):
    told = []
    state.message.connect(told.append)
    real = review_file.write
    monkeypatch.setattr(review_file, "write", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    finding = confirm(state)
    state.save_now()
    qtbot.waitUntil(lambda: any("未能保存" in t for t in told))
    state.save_now()
    qtbot.wait(100)
    assert sum("未能保存" in t for t in told) == 1 and state.unsaved
    monkeypatch.setattr(review_file, "write", real)
    state.flush()
    assert finding.fingerprint in verdicts_on_disk(state)


def test_a_check_anew_keeps_verdicts_place_and_selection(window, state, qtbot):
    finding = confirm(state, 3)
    state.select_finding(state.listed()[5])
    chosen = state.selection
    with qtbot.waitSignal(state.result_changed):
        window.do_recheck()
    qtbot.waitUntil(lambda: not state.current.busy)
    assert state.current.verdict(finding).state == CONFIRMED and state.selection == chosen


def test_a_reissue_keeps_its_verdicts_and_shows_what_is_new(window, state, qtbot, tmp_path):
    finding = confirm(state, 2)
    state.flush()
    other = tmp_path / "示例县示例局2024年部门预算（修订）.pdf"
    other.write_bytes(b"%PDF-1.4 changed")

    class More(StillReader):
        many = 25

    state._reader = More
    doc = state.open([other])[0]
    qtbot.waitUntil(lambda: doc.result is not None)
    assert doc.verdict(finding).state == CONFIRMED
    assert sum(doc.review.is_new(f) for f in doc.result.findings) == 5


def test_a_changed_file_is_noticed_and_can_be_checked_again(window, state, qtbot, pdf):
    state.look_at_disk()
    qtbot.wait(50)
    assert not state.current.stale
    os.utime(pdf, (1, 1))
    state.look_at_disk()
    qtbot.waitUntil(lambda: state.current.stale)
    assert "已更改" in window.banner._notice.text()
    window.banner._second.click()
    assert not state.current.stale


def test_place_and_selection_come_back(window, state, qtbot, pdf):
    finding = next(f for f in state.result.findings if f.rule == "X105")
    state.select_finding(finding)
    window._tick()
    state.close(state.current)
    state.flush()
    doc = state.open([pdf])[0]
    qtbot.waitUntil(lambda: doc.result is not None)
    assert doc.selection.finding == finding.fingerprint


def test_an_error_nobody_caught_saves_the_work(window, state, qtbot, monkeypatch):
    import gui.app
    told = []
    monkeypatch.setattr(gui.app, "_tell", lambda text, saved: told.append((text, saved)))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    gui.app.install_hook(state)
    finding = confirm(state)
    error = ValueError("unexpected")
    sys.excepthook(ValueError, error, None)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0][1] is True and finding.fingerprint in verdicts_on_disk(state)


def test_documents_open_at_a_crash_are_offered_again(state, user_folder, pdf):
    state.open([pdf])
    state.save_session()
    state.settings.setValue("session/clean", "false")
    state.settings.sync()
    again = State(QSettings(str(user_folder / "settings.ini"), QSettings.Format.IniFormat), StillReader)
    assert again.crashed_session() == [pdf]
    assert again.last_session() == [pdf]


def test_another_reviewers_verdicts_are_taken_in_and_can_be_taken_back(window, state, tmp_path):
    mine = confirm(state, 0)
    other = state.listed()[1]
    theirs = review_file.ReviewFile(state.current.review.sha256, verdicts={
        mine.fingerprint: review_file.Verdict(review_file.DISMISSED, "口径不同，已核实", reviewer="乙"),
        other.fingerprint: review_file.Verdict(CONFIRMED, reviewer="乙")})
    path = tmp_path / "乙的裁定.json"
    path.write_text(theirs.to_json(), "utf-8")
    told = undo.take_in(state, path)
    assert state.current.verdict(other).reviewer == "乙" and state.current.verdict(mine).state == CONFIRMED
    assert "1 条" in told and "不一致" in told
    state.current.undo.undo()
    assert state.current.verdict(other).state == OPEN


def test_one_document_is_worked_on_while_another_is_read(window, state, qtbot, tmp_path):
    class Slow(StillReader):
        def start(self):
            self.progressed.emit(17, 58, "第 17/58 页：识别表格")

    first = state.current
    state._reader = Slow
    second = tmp_path / "二.pdf"
    second.write_bytes(b"%PDF")
    slow = state.open([second])[0]
    qtbot.waitUntil(lambda: slow.status == "reading")
    assert "17/58" in window.banner._step.text()
    state.show(first)
    assert confirm(state) and isinstance(state.result, Result)
    state.cancel(slow)
    assert slow.status == "stopped"


def test_results_of_a_closed_document_go_nowhere(window, state, tmp_path):
    doc = state.current
    state.close(doc)
    state._on_result(doc, result_for())
    assert state.current is None and window.pages.currentWidget() is window.welcome
