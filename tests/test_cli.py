"""The command line: words, exit codes, what is written where; and inputs of every bad kind."""
from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from openpyxl import load_workbook
from reportlab.pdfgen.canvas import Canvas

import core.batch as batch
from core import __version__, cli
from core.errors import Unreadable
from core.results import Result
from core.review import Options, known_rules
from tests.exports.samples import sample_result

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def one_file_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.reading.folders.is_disclosure", lambda folder: False)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    """open_review by file name: 错 has errors, 坏 cannot be read, others are clean. Gives the options that it was called with."""
    options_seen: list[Options] = []

    def open_review(path: Path, options: Options, step: Any) -> Result:
        options_seen.append(options)
        if "坏" in path.name:
            raise Unreadable("文件已损坏，请重新下载。")
        result = sample_result()
        return result if "错" in path.name else replace(result, findings=result.findings[1:2])

    monkeypatch.setattr(batch, "open_review", open_review)
    return options_seen


def files(folder: Path, *names: str) -> list[str]:
    for name in names:
        (folder / name).write_bytes(b"x")
    return [str(folder / name) for name in names]


def run(*words: str) -> int:
    return cli.main(words)


# ------------------------------------------------------------------ exit codes

@pytest.mark.parametrize(("names", "code"), [(["好.pdf"], 0), (["错.pdf"], 1), (["坏.pdf"], 2), (["好.pdf", "坏.pdf"], 0), (["坏.pdf", "错.pdf"], 1)])
def test_exit_codes(tmp_path: Path, asked: list[Options], names: list[str], code: int) -> None:
    assert run("check", "--jobs", "1", *files(tmp_path, *names)) == code


@pytest.mark.parametrize(("words", "said"), [
    (["check"], "没有给出"), (["check", "--jsn", "x"], "--json"), (["check", "a.pdf", "--jobs", "0"], "正整数"), (["check", "a.pdf", "--jobs", "x"], "正整数"),
    (["chekc", "a.pdf"], "“check”"), (["check", "a.pdf", "--template", "shanxi-budgt"], "shanxi-budget"), (["check", "a.pdf", "--json"], "要有一个值"),
    (["check", "a.pdf", "--select", "arithmetc"], "arithmetic"), (["check", "a.pdf", "--rules", "没有.toml"], "无法读取"),
    (["check", "a.pdf", "--prior", "没有.pdf"], "找不到"), (["check", "a.pdf", "--quiet", "--verbose"], "不能与"), (["rules", "S110x"], "S110"),
    (["rules", "--format", "xml"], "json"), (["templates", "x"], "没有模板"), (["export", "a.pdf"], "--xlsx"), (["bench", "没有.pdf"], "找不到"),
    (["--nonsense"], "不认识"), (["check", "--prior", __file__], "写在最前面"),
])
def test_a_wrong_command_is_two_and_says_how_to_put_it_right(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == 2
    out, err = capsys.readouterr()
    assert said in err and err.startswith("错误：") and not out and "Traceback" not in err


# ------------------------------------------------------------------ what is written where

def test_json_on_standard_output_is_json_alone(tmp_path: Path, asked: list[Options], capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", *files(tmp_path, "错.pdf", "坏.pdf"), "--json", "-", "--jobs", "1") == 1
    out, err = capsys.readouterr()
    made = json.loads(out)
    assert [bool(d["error"]) for d in made["documents"]] == [False, True]
    assert "坏.pdf：文件已损坏" in err


def test_every_output_is_written_and_told(tmp_path: Path, asked: list[Options], capsys: pytest.CaptureFixture[str]) -> None:
    (source,) = files(tmp_path, "错.pdf")
    out = tmp_path / "新文件夹"
    assert run("check", source, "--json", f"{out}/r.json", "--xlsx", f"{out}/r.xlsx", "--html", f"{out}/r.html") == 1
    assert sorted(p.name for p in out.iterdir()) == ["r.html", "r.json", "r.xlsx"]
    assert capsys.readouterr().err.count("已写出") == 3
    assert load_workbook(out / "r.xlsx")["问题清单"]["A2"].value == "X101"


def test_export_is_check_with_a_workbook(tmp_path: Path, asked: list[Options]) -> None:
    assert run("export", *files(tmp_path, "错.pdf"), "--xlsx", str(tmp_path / "r.xlsx")) == 1
    assert (tmp_path / "r.xlsx").exists()


def test_options_and_paths_in_any_order(tmp_path: Path, asked: list[Options]) -> None:
    one, two, prior = files(tmp_path, "a.pdf", "b.pdf", "去年.pdf")
    assert run("check", one, "--no-ocr", two, "--jobs", "1", "--template", "generic", "--prior", prior) == 0
    assert len(asked) == 2 and replace(asked[0], cache=None) == Options("generic", None, (), (), (Path(prior),), False, 1)


def test_rules_are_named_by_id_family_or_chinese_with_commas_or_blanks(tmp_path: Path, asked: list[Options]) -> None:
    rule = known_rules()[0].id
    (one,) = files(tmp_path, "a.pdf")
    assert run("check", "--select", f"{rule.lower()},codes", "表间", one, "--ignore", "privacy") == 0
    assert (asked[0].select, asked[0].ignore) == ((rule, "codes", "cross_table"), ("privacy",))


def test_findings_are_shown_and_quiet_shows_none(tmp_path: Path, asked: list[Options], capsys: pytest.CaptureFixture[str]) -> None:
    (source,) = files(tmp_path, "错.pdf")
    run("check", source)
    out = capsys.readouterr().out
    assert "■ 错误 X101 第 5 页 表三 “合计” “合计”：表三合计与表五合计不一致" in out and "规则出错 N001" in out and "没有表七" not in out
    run("check", source, "--verbose")
    assert "未运行 S202 表七 合计：没有表七" in capsys.readouterr().out
    run("check", source, "--quiet", "--xlsx", str(tmp_path / "r.xlsx"))
    assert capsys.readouterr() == ("", "")


def test_an_output_never_replaces_an_input(tmp_path: Path, asked: list[Options]) -> None:
    (source,) = files(tmp_path, "错.xlsx")
    assert run("check", source, "--xlsx", source) == 2
    assert run("check", source, "--json", str(tmp_path / "r"), "--html", str(tmp_path / "r")) == 2
    assert Path(source).read_bytes() == b"x" and asked == []


def test_a_workbook_open_elsewhere_is_saved_beside(tmp_path: Path, asked: list[Options], monkeypatch: pytest.MonkeyPatch,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    (source,) = files(tmp_path, "错.pdf")
    (tmp_path / "r.xlsx").write_bytes(b"open")
    replace_file = Path.replace

    def busy(self: Path, target: Path) -> Path:
        if target.name == "r.xlsx":
            raise PermissionError(13, "in use")
        return replace_file(self, target)

    monkeypatch.setattr(Path, "replace", busy)
    assert run("check", source, "--xlsx", str(tmp_path / "r.xlsx")) == 1
    assert "r (2).xlsx" in capsys.readouterr().err and load_workbook(tmp_path / "r (2).xlsx")
    assert (tmp_path / "r.xlsx").read_bytes() == b"open"


def test_one_output_that_cannot_be_written_does_not_lose_the_others(tmp_path: Path, asked: list[Options], capsys: pytest.CaptureFixture[str]) -> None:
    (source,) = files(tmp_path, "错.pdf")
    (tmp_path / "folder").mkdir()
    assert run("check", source, "--xlsx", str(tmp_path / "folder"), "--html", str(tmp_path / "r.html")) == 2
    assert "文件夹" in capsys.readouterr().err and (tmp_path / "r.html").exists()


def test_interrupted_work_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> Result:
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "open_review", interrupted)
    (source,) = files(tmp_path, "a.pdf")
    assert run("check", source, "--json", str(tmp_path / "r.json")) == 130
    assert [p.name for p in tmp_path.iterdir()] == ["a.pdf"]


# ------------------------------------------------------------------ rules, templates, help

def test_rules_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("rules") == 0
    listed = capsys.readouterr().out.splitlines()
    assert len(listed) == len(known_rules()) > 0
    chosen = known_rules()[0]
    assert run("rules", chosen.id.lower()) == 0
    assert f"{chosen.id}  {chosen.title}" in capsys.readouterr().out
    assert run("rules", "--format", "json") == 0
    assert [r["id"] for r in json.loads(capsys.readouterr().out)] == [r.id for r in known_rules()]
    assert run("rules", "--format", "md") == 0
    assert f"### {chosen.id} {chosen.title}" in capsys.readouterr().out


def test_templates_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("templates") == 0
    assert "shanxi-budget" in capsys.readouterr().out
    assert run("templates", "shanxi-budget") == 0
    assert "表十三" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--help"], ["-h"], *([name, "--help"] for name in cli.COMMANDS)])
def test_help_is_chinese_at_every_level(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(*words)
    out = capsys.readouterr().out
    assert left.value.code == 0 and "用法：" in out and "usage" not in out and "show this help" not in out and "options" not in out


def test_which_words_open_the_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "check.pdf").touch()
    (tmp_path / "chekc").touch()
    assert [cli.wants_command_line(w) for w in ([], ["check.pdf"], ["没有.pdf"], ["chekc"])] == [False] * 4
    assert all(cli.wants_command_line(w) for w in (["check"], ["--version"], ["-h"], ["rulse"], ["bench", "x"]))


# ------------------------------------------------------------------ the program as a whole

def program(*words: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, str(ROOT / "main.py"), *words], capture_output=True, timeout=120, check=False, **more)


def test_it_writes_utf8_even_in_a_bare_locale(tmp_path: Path) -> None:
    done = program("templates", env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 0 and "山西省" in done.stdout.decode("utf-8")
    assert program("--version").stdout.decode("utf-8").split()[-1] == __version__


def test_the_command_line_starts_without_the_window_or_the_readers() -> None:
    code = ("import sys, main; from core import cli; cli.wants_command_line(['a.pdf']); "
            "print([m for m in ('PySide6', 'pdfplumber', 'openpyxl', 'cv2', 'onnxruntime', 'jinja2') if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_windowed_program_without_streams_does_not_fall(monkeypatch: pytest.MonkeyPatch) -> None:
    import main

    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    main.give_streams()
    assert main.main(["--nonsense"]) == 2
    sys.stdout.close()
    sys.stderr.close()


# ------------------------------------------------------------------ bad inputs, with the real reader

def plain_pdf(text: str = "text") -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made)
    canvas.drawString(100, 700, text)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def locked_pdf() -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf())) as pdf:
        pdf.save(made, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return made.getvalue()


@pytest.mark.parametrize(("name", "content"), [
    ("加密.pdf", locked_pdf()), ("截断.pdf", plain_pdf()[:200]), ("空.pdf", b""), ("不是.pdf", b"<html>not a pdf</html>"), ("图片.jpg", b"\xff\xd8\xff\xe0"),
    ("坏.docx", b"PK\x03\x04broken"), ("坏.xlsx", b"PK\x03\x04broken"), ("坏.zip", b"PK\x03\x04broken"), ("坏.xls", b"\xd0\xcf\x11\xe0broken"),
])
def test_a_bad_file_gets_an_entry_and_does_not_stop_the_others(tmp_path: Path, name: str, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "2024年（定稿） 公开"
    folder.mkdir()
    (folder / name).write_bytes(content)
    (folder / "z好.pdf").write_bytes(plain_pdf())
    code = run("check", str(folder / name), str(folder / "z好.pdf"), "--json", "-", "--jobs", "1")
    bad, good = json.loads(capsys.readouterr().out)["documents"]
    assert bad["error"] and "内部错误" not in bad["error"] and "Traceback" not in bad["error"], bad["error"]
    assert any("\u4e00" <= c <= "\u9fff" for c in bad["error"])
    assert good["error"] is None and good["pages"] == 1 and code in (0, 1)


def test_inputs_that_are_not_there_or_hold_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "空文件夹").mkdir()
    assert run("check", str(tmp_path / "空文件夹")) == 2
    assert "没有可检查的文件" in capsys.readouterr().err
    assert run("check", str(tmp_path / "没有.pdf")) == 2
    assert "找不到文件" in capsys.readouterr().err
    assert run("check", str(tmp_path / ("长" * 300 + ".pdf"))) == 2
    err = capsys.readouterr().err
    assert "内部错误" not in err and "Traceback" not in err and err


def test_the_longest_name_and_chinese_outputs_work(tmp_path: Path) -> None:
    source = tmp_path / ("公" * 83 + ".pdf")
    source.write_bytes(plain_pdf())
    code = run("check", str(source), "--json", str(tmp_path / "结果" / ("果" * 83 + ".json")), "--pdf", str(tmp_path / "批注"), "--xlsx", str(tmp_path / "清单.xlsx"))
    assert code in (0, 1) and (tmp_path / "批注" / source.name).exists() and (tmp_path / "清单.xlsx").exists()


def test_the_same_input_gives_the_same_json_in_one_process_or_two(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(plain_pdf(name))

    def without_seconds(jobs: str) -> list[str]:
        target = tmp_path / f"{jobs}.json"
        assert program("check", str(tmp_path / "a.pdf"), str(tmp_path / "b.pdf"), "--jobs", jobs, "--json", str(target), "--quiet").returncode in (0, 1)
        return [line for line in target.read_text("utf-8").splitlines() if '"seconds"' not in line]

    assert without_seconds("1") == without_seconds("2")
