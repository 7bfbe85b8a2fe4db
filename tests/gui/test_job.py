"""Reading happens in another process: progress arrives, cancelling is felt at once, and what goes wrong is said."""
from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from core.errors import Cancelled, Unreadable
from gui.job import Job, ReadJob
from tests.gui.desk import result_for


def reads(path, options, step):
    for page in range(1, 4):
        step(page, 3, f"第 {page}/3 页：识别文字与表格")
        time.sleep(0.06)
    return result_for(path)


def says_its_process(path, options, step):
    return os.getpid()


def never_ends(path, options, step):
    step(1, 58, "第 1/58 页：识别文字与表格")
    while True:
        pass


def cannot_read(path, options, step):
    raise Unreadable("文件已加密，请先解除密码")


def breaks(path, options, step):
    raise ZeroDivisionError


def dies(path, options, step):
    os._exit(7)


def test_progress_and_result_arrive_with_their_indexes(qtbot):
    job = ReadJob(Path("示例.pdf"), None, reads)
    steps = []
    job.progressed.connect(lambda *a: steps.append(a))
    with qtbot.waitSignal(job.succeeded, timeout=20000) as done:
        job.start()
    result = done.args[0]
    assert result.findings == result_for(Path("示例.pdf")).findings
    assert steps[0] == (1, 3, "第 1/3 页：识别文字与表格") and job.lookup.result is result


def test_the_work_is_done_elsewhere(qtbot):
    job = ReadJob(Path("x"), None, says_its_process)
    with qtbot.waitSignal(job.succeeded, timeout=20000) as done:
        job.start()
    assert done.args[0] != os.getpid()


def test_cancelling_ends_even_work_that_never_steps(qtbot):
    job = ReadJob(Path("x"), None, never_ends)
    with qtbot.waitSignal(job.progressed, timeout=20000):
        job.start()
    process, start = job._process, time.monotonic()
    job.cancel()
    qtbot.waitUntil(lambda: not process.is_alive(), timeout=1000)
    assert time.monotonic() - start < 1


@pytest.mark.parametrize(("work", "said"), [(cannot_read, "文件已加密，请先解除密码"), (breaks, "ZeroDivisionError"), (dies, "代码 7")])
def test_what_went_wrong_is_said(qtbot, work, said):
    job = ReadJob(Path("x"), None, work)
    with qtbot.waitSignal(job.failed, timeout=20000) as done:
        job.start()
    assert said in str(done.args[0])


def test_a_thread_job_stops_at_its_next_step(qtbot):
    def work(step):
        for number in range(1000):
            step(number, 1000, "")
            time.sleep(0.005)

    job = Job(work)
    with qtbot.waitSignal(job.progressed, timeout=3000):
        job.start()
    with qtbot.waitSignal(job.cancelled, timeout=1000):
        job.cancel()
    job.wait()


def test_cancelled_is_no_failure(qtbot):
    def work(step):
        raise Cancelled

    job = Job(work)
    with qtbot.waitSignal(job.cancelled, timeout=1000), qtbot.assertNotEmitted(job.failed):
        job.start()
    job.wait()
