"""Builds the program folder and tries what came out: `make build`, or `build.bat` on Windows.

The trial works on a copy under a path with blanks and Chinese, in an environment without Python, and where it may without a network:
rules, templates, the sample (its JSON equals that of the source), a scanned page, several files at once, the workbook, and the window.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import notice

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
PROGRAM = DIST / "gouji"
SAMPLE = ROOT / "resources" / "sample.pdf"
SHOT = DIST / "window.png"
WINDOWS, LINUX = sys.platform == "win32", sys.platform == "linux"
EXE = ".exe" if WINDOWS else ""
NAME = "gouji"
WINDOWS_SCRIPTS = {"open-with.bat": "添加到打开方式.bat", "open-with-remove.bat": "从打开方式移除.bat"}
UNMOVED = ("pyclipper", "yaml", "cryptography")


class Failed(Exception):
    """The build, or what it made, does not do what it must."""


def say(text: str) -> None:
    print(text, flush=True)


def must(true: bool, what: str) -> None:
    if not true:
        raise Failed(what)


# ------------------------------------------------------------------ making

def make() -> None:
    """Run PyInstaller, and put what a person wants to see first beside the programs."""
    if LINUX:
        must(shutil.which("objdump") is not None, "缺少 objdump（PyInstaller 需要）：请安装 binutils。")
        if not sysconfig.get_config_var("Py_ENABLE_SHARED") and not _static_python():
            raise Failed("这个 Python 没有共享库，PyInstaller 无法使用：Debian/Ubuntu 请安装 libpython3-dev。")
    shutil.rmtree(PROGRAM, ignore_errors=True)
    started = time.monotonic()
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--distpath", str(DIST),
               "--workpath", str(ROOT / "build"), str(ROOT / "build.spec")]
    must(subprocess.run(command, cwd=ROOT, check=False).returncode == 0, "PyInstaller 失败，原因见上。")
    extra = notice.strangers(ROOT / "build" / "build")
    must(not extra, f"这些包不在 requirements/run.txt 中，却打进了程序：{'、'.join(sorted(extra))}。请在 build.spec 中排除。")
    problems = notice.wrong()
    must(not problems, f"许可证不全（运行 scripts/notice.py）：{'；'.join(problems)}")
    for name in ("LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"):
        shutil.copy2(ROOT / name, PROGRAM / name)
    shutil.copytree(ROOT / "docs", PROGRAM / "docs", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    if WINDOWS:
        for script, name in WINDOWS_SCRIPTS.items():
            shutil.copy2(ROOT / "scripts" / "windows" / script, PROGRAM / name)
    if LINUX:
        strip()
    say(f"构建用时 {time.monotonic() - started:.0f} 秒")


def _static_python() -> bool:
    """Whether this Python can be packed although it does not say that it has a shared library."""
    from PyInstaller.depend.bindepend import get_python_library_path
    try:
        return bool(get_python_library_path())
    except Exception:
        return False


def strip() -> None:
    """Debug names out of Python itself and the few wheels built as they are. The others' headers were moved: stripping breaks some (numpy)."""
    tool = shutil.which("strip")
    if not tool:
        say("没有 strip，略过去除调试符号。")
        return
    inside = PROGRAM / "_internal"
    files = [*inside.glob("libpython*"), *inside.glob("python3*/lib-dynload/*.so"),
             *(so for package in UNMOVED for so in inside.glob(f"{package}/**/*.so"))]
    subprocess.run([tool, "--strip-unneeded", *map(str, files)], check=True)


# ------------------------------------------------------------------ trying

class Trial:
    """The built program in a place of its own, and the ways to run it."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.folder = work / "勾稽 试运行" / "程序 (副本)"
        shutil.copytree(PROGRAM, self.folder, symlinks=True)
        self.home = work / "home"
        self.home.mkdir()
        self.cut_off = _cut_off()

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of Python, no PATH; on Windows what the system itself cannot do without."""
        if WINDOWS:
            return {k: os.environ[k] for k in ("SYSTEMROOT", "WINDIR", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA") if k in os.environ}
        return {"HOME": str(self.home)}

    def program(self, name: str) -> str:
        return str(self.folder / (name + EXE))

    def run(self, *words: str, codes: Sequence[int] = (0, 1)) -> str:
        """The console program's standard output."""
        done = subprocess.run([*self.cut_off, self.program("gouji-cli"), *words], cwd=self.work, env=self.environment, capture_output=True,
                              encoding="utf-8", timeout=600, check=False)
        must(done.returncode in codes, f"gouji-cli {' '.join(words)} 退出码 {done.returncode}：\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done.stdout

    def source(self, *words: str, codes: Sequence[int] = (0, 1)) -> str:
        """What the source gives for the same words."""
        environment = {**os.environ, "HOME": str(self.work / "home of source"), "PYTHONUTF8": "1"}
        done = subprocess.run([sys.executable, str(ROOT / "main.py"), *words], cwd=self.work, env=environment, capture_output=True,
                              encoding="utf-8", timeout=600, check=False)
        must(done.returncode in codes, f"main.py {' '.join(words)} 退出码 {done.returncode}：\n{done.stderr[-4000:]}")
        return done.stdout


def _cut_off() -> list[str]:
    """A command that runs another without any network, where the system has one and lets us."""
    unshare = shutil.which("unshare")
    if LINUX and unshare and subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode == 0:
        return [unshare, "-rn"]
    return []


def without_seconds(text: str) -> str:
    """The result's text as written, byte for byte, but for the times."""
    return re.sub(r'"seconds": \{[^}]*\}', '"seconds": {}', text)


def try_rules(trial: Trial) -> None:
    rules = trial.run("rules", "--format", "json")
    must(json.loads(rules) == json.loads(trial.source("rules", "--format", "json")), "规则与源码的不同。")
    must(trial.run("templates") == trial.source("templates"), "模板与源码的不同。")
    say(f"规则 {len(json.loads(rules))} 条、模板 {len(trial.run('templates').splitlines())} 个，与源码相同")


def try_sample(trial: Trial) -> None:
    same = (str(SAMPLE), "--json", "-")
    built, source = trial.run("check", *same), trial.source("check", *same)
    must(without_seconds(built) == without_seconds(source), "示例的检查结果与源码的不同。")
    document = json.loads(built)["documents"][0]
    must(bool(document["tables"]) and bool(document["findings"]), "示例没有表或没有问题。")
    say(f"示例：{len(document['tables'])} 张表、{len(document['findings'])} 个问题，JSON 与源码相同（除用时）")
    outputs = [trial.work / "问题 清单.xlsx", trial.work / "报告.html", trial.work / "批注"]
    trial.run("check", str(SAMPLE), "--xlsx", str(outputs[0]), "--html", str(outputs[1]), "--pdf", str(outputs[2]))
    must(all(o.exists() for o in outputs) and any(outputs[2].iterdir()), "没有写出工作簿、报告或批注副本。")
    say("工作簿、报告、批注副本已写出")


def try_scan(trial: Trial) -> None:
    """A page that is only a picture, made from the sample's largest table."""
    import pypdfium2

    numbers = [t["pages"][0] for t in json.loads(trial.source("check", str(SAMPLE), "--json", "-"))["documents"][0]["tables"]]
    pdf = pypdfium2.PdfDocument(SAMPLE)
    picture = pdf[numbers[0] - 1].render(scale=200 / 72).to_pil().convert("L")
    pdf.close()
    scan = trial.work / "扫描 件.pdf"
    picture.save(scan, resolution=200)
    built = trial.run("check", str(scan), "--json", "-")
    must(without_seconds(built) == without_seconds(trial.source("check", str(scan), "--json", "-")), "扫描页的结果与源码的不同。")
    document = json.loads(built)["documents"][0]
    must(document["ocr_pages"] == [1] and not document["unread_pages"], "扫描页没有识别。")
    must(sum(bool(cell) for table in document["tables"] for row in table["rows"] for cell in row) > 10, "扫描页没有读出表格。")
    say(f"扫描页：已识别，{len(document['tables'])} 张表，与源码相同")


def try_several(trial: Trial) -> None:
    folder = trial.work / "多个 文件"
    folder.mkdir()
    for name in ("甲.pdf", "乙.pdf"):
        shutil.copy2(SAMPLE, folder / name)
    found = json.loads(trial.run("check", str(folder), "--json", "-", "--jobs", "2"))["documents"]
    must(len(found) == 2 and not any(d["error"] for d in found), "两个文件同时检查失败。")
    say("两个文件分两个进程检查")


# ------------------------------------------------------------------ the window

@contextmanager
def display() -> Iterator[str]:
    """A virtual screen of its own."""
    read, write = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x900x24", "-nolisten", "tcp"], pass_fds=(write,),
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        must(bool(number), "Xvfb 没有启动。")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def forget(folder: Path) -> None:
    """Takes the folder's files out of the system's memory, so that the next start reads them from the disk."""
    os.sync()
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def start(trial: Trial, screen: str, *words: str) -> tuple[subprocess.Popen[bytes], str, float]:
    """The windowed program, the id of its window, and the seconds until that was shown."""
    started = time.monotonic()
    program = subprocess.Popen([*trial.cut_off, trial.program("gouji"), *words], cwd=trial.work,
                               env={**trial.environment, "DISPLAY": screen}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    while time.monotonic() < started + 60:
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "勾稽"], env={**os.environ, "DISPLAY": screen},
                               capture_output=True, text=True, check=False).stdout.split()
        if found:
            return program, found[-1], time.monotonic() - started
        must(program.poll() is None, f"窗口程序退出，退出码 {program.returncode}")
        time.sleep(0.02)
    program.kill()
    raise Failed("60 秒内没有出现窗口。")


def close(program: subprocess.Popen[bytes], window: str, screen: str) -> None:
    """Leave by the keyboard (Ctrl+Q); the program must then end by itself, without an error."""
    subprocess.run(["xdotool", "windowfocus", "--sync", window, "key", "ctrl+q"], env={**os.environ, "DISPLAY": screen}, check=True)
    try:
        output, _ = program.communicate(timeout=30)
    except subprocess.TimeoutExpired as late:
        program.kill()
        raise Failed("关闭窗口后程序没有结束。") from late
    must(program.returncode == 0, f"窗口程序的退出码是 {program.returncode}：\n{output.decode('utf-8', 'replace')[-4000:]}")


def picture_of(screen: str, target: Path) -> bytes:
    subprocess.run(["import", "-display", screen, "-window", "root", str(target)], check=True)
    return target.read_bytes()


def try_window(trial: Trial) -> None:
    if not (LINUX and all(map(shutil.which, ("Xvfb", "xdotool", "import")))):
        try_window_blind(trial)
        return
    with display() as screen:
        times = []
        for fresh in (True, False, False):
            if fresh:
                forget(trial.folder)
            program, window, seconds = start(trial, screen)
            times.append(seconds)
            time.sleep(1)
            close(program, window, screen)
        say(f"窗口出现：冷启动 {times[0]:.2f} 秒，热启动 {min(times[1:]):.2f} 秒")
        (trial.folder / "portable").touch()
        program, window, _ = start(trial, screen, str(SAMPLE))
        log = trial.folder / "data" / "logs" / "gouji.log"
        before, until = b"", time.monotonic() + 60
        time.sleep(6)
        while time.monotonic() < until and (now := picture_of(screen, SHOT)) != before:
            before = now
            time.sleep(1.5)
        must(log.exists(), "有 portable 文件，数据却不在程序旁边的 data 文件夹。")
        written = log.read_text("utf-8")
        must(not any(word in written for word in (" ERROR ", " CRITICAL ", "Traceback")), f"窗口的运行记录中有错误：\n{written[-3000:]}")
        close(program, window, screen)
        must(_colours(SHOT) > 60, "截图几乎是空白。")
        say(f"窗口打开了示例并正常关闭，截图：{SHOT.relative_to(ROOT)}")


def _colours(picture: Path) -> int:
    from PIL import Image

    with Image.open(picture) as image:
        return len(image.convert("RGB").resize((480, 300)).getcolors(480 * 300) or ())


def try_window_blind(trial: Trial) -> None:
    """Without tools to look at a screen: the program stays up with a document open for some seconds."""
    environment = {**trial.environment, **({} if WINDOWS or not LINUX else {"QT_QPA_PLATFORM": "offscreen"})}
    program = subprocess.Popen([trial.program("gouji"), str(SAMPLE)], cwd=trial.work, env=environment)
    with suppress(subprocess.TimeoutExpired):
        program.wait(timeout=15)
    must(program.poll() is None, f"窗口程序退出，退出码 {program.returncode}")
    program.terminate()
    program.wait()
    say("窗口程序打开了示例并运行了 15 秒（没有 Xvfb、xdotool、ImageMagick，未截图）")


# ------------------------------------------------------------------ telling

def parts() -> Mapping[str, int]:
    """Bytes by part of the folder: the first folder below _internal, system libraries and programs each together."""
    sizes: Counter[str] = Counter()
    for path in PROGRAM.rglob("*"):
        if path.is_file() and not path.is_symlink():
            inner = path.relative_to(PROGRAM).parts
            name = inner[0] if inner[0] != "_internal" else inner[1] if len(inner) > 2 else "libpython" if "python3" in inner[1] else "系统库等"
            aliases = {"opencv_python_headless.libs": "cv2", "numpy.libs": "numpy", "pillow.libs": "PIL", "shapely.libs": "shapely",
                       "shiboken6": "PySide6", "pypdfium2": "pypdfium2_raw"}
            sizes[aliases.get(name, name)] += path.stat().st_size
    return sizes


def tell_sizes() -> None:
    sizes = parts()
    say(f"大小 {sum(sizes.values()) / 1e6:.0f} MB：")
    for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
        if size > 1e6:
            say(f"  {size / 1e6:6.1f} MB  {name}")


def write_sums() -> None:
    """SHA256SUMS in the folder, for `sha256sum -c`."""
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(PROGRAM).as_posix()}"
             for path in sorted(PROGRAM.rglob("*")) if path.is_file() and not path.is_symlink() and path.name != "SHA256SUMS"]
    (PROGRAM / "SHA256SUMS").write_text("\n".join(lines) + "\n", "utf-8", newline="\n")


def pack() -> None:
    """One file to hand on, with its sum beside it: zip on Windows, which opens it unaided; elsewhere tar.xz, which keeps links."""
    sys.path.insert(0, str(ROOT))
    from core import __version__

    base = DIST / f"{NAME}-{__version__}-{sys.platform}-{platform.machine().lower()}"
    made = Path(shutil.make_archive(str(base), "zip" if WINDOWS else "xztar", DIST, PROGRAM.name))
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    (DIST / "SHA256SUMS").write_text(f"{digest}  {made.name}\n", "utf-8", newline="\n")
    say(f"{made.relative_to(ROOT)}：{made.stat().st_size / 1e6:.0f} MB，SHA-256 {digest}")


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--try-only", action="store_true", help="try the folder that is there, do not build")
    parser.add_argument("--pack", action="store_true", help="also make one file to hand on")
    given = parser.parse_args(words)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        if not given.try_only:
            make()
        with tempfile.TemporaryDirectory(prefix="gouji-") as work:
            trial = Trial(Path(work))
            say("试运行：" + ("断网、" if trial.cut_off else "") + "空环境、带空格和中文的路径")
            for attempt in (try_rules, try_sample, try_scan, try_several, try_window):
                attempt(trial)
        tell_sizes()
        write_sums()
        if given.pack:
            pack()
    except Failed as failure:
        print(f"构建未通过：{failure}", file=sys.stderr)
        return 1
    say(f"构建完成：{PROGRAM}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
