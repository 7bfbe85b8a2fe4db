"""The command line: check, export, rules, templates, bench. Words for people, exit codes and JSON for scripts."""
from __future__ import annotations

import argparse
import difflib
import io
import json
import logging
import re
import shutil
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn, TextIO

from core import PROGRAM, __version__
from core.errors import Cancelled, Unreadable
from core.exports.summary import MARKS, SEVERITIES, place_text, verdict_of
from core.paths import page_cache
from core.results import BROKEN, ERROR, FAMILIES, PASS, SKIPPED

OK, ERRORS_FOUND, UNUSABLE, INTERRUPTED = 0, 1, 2, 130


def wants_command_line(words: Sequence[str]) -> bool:
    """Whether these words are for the command line. Files, or nothing, are for the window; a mistyped command is not a file."""
    if not words:
        return False
    first = words[0]
    if first in COMMANDS or first.startswith("-"):
        return True
    return not _exists(Path(first)) and bool(_nearest(first, COMMANDS))


def main(words: Sequence[str]) -> int:
    """Run one command and give its exit code."""
    _use_utf8()
    try:
        return _dispatch(words)
    except UsageError as error:
        print(f"错误：{error}", file=sys.stderr)
        return UNUSABLE
    except (KeyboardInterrupt, Cancelled):
        print("已中断。", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = io.StringIO()
        return UNUSABLE


def _dispatch(words: Sequence[str]) -> int:
    first = words[0] if words else "--help"
    if first in COMMANDS:
        return COMMANDS[first][1](words[1:])
    if not first.startswith("-"):
        raise UsageError(f"没有“{first}”这个命令。{_did_you_mean(first, COMMANDS)}用 --help 查看全部命令。")
    parser = _Parser(prog=_program(), description="勾稽 Gouji：审核预算、决算公开文件。不带参数，或只给出文件时打开窗口。",
                     epilog=_commands_help(), add_help=False)
    _add_help(parser)
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}", help="显示版本号")
    parser.parse_args(words)
    parser.print_help()
    return OK


class UsageError(Exception):
    """The command was wrong. The text is a Chinese sentence that says how to put it right."""


def _use_utf8() -> None:
    """Write UTF-8 wherever the output goes: a Windows pipe would get the console's code page, a bare container ASCII."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n" if not stream.isatty() else None)


# ------------------------------------------------------------------ argparse in Chinese

_ARGPARSE = (
    (r"the following arguments are required: (.*)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
    (r"argument (.*?): expected one argument", r"\1 后面要有一个值"),
    (r"argument (.*?): expected at least one argument", r"\1 后面至少要有一个值"),
    (r"argument (.*?): invalid (?:int|_count) value: (.*)", r"\1 应为正整数，而不是 \2"),
    (r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)", r"\1 不能是 \2，可选：\3"),
    (r"argument (.*?): ignored explicit argument (.*)", r"\1 不带值，多了 \2"),
    (r"argument (.*?): not allowed with argument (.*)", r"\1 不能与 \2 同时使用"),
    (r"ambiguous option: (.*?) could match (.*)", r"选项 \1 有歧义，可能是 \2"),
)


class _Parser(argparse.ArgumentParser):
    def __init__(self, **given: Any) -> None:
        super().__init__(formatter_class=_Formatter, allow_abbrev=False, **given)
        self._positionals.title = "参数"
        self._optionals.title = "选项"

    def error(self, message: str) -> NoReturn:
        for pattern, chinese in _ARGPARSE:
            message = re.sub(rf"^{pattern}$", chinese, message)
        unknown = re.match(r"不认识的参数：(--[\w-]+)", message)
        hint = _did_you_mean(unknown[1], [o for a in self._actions for o in a.option_strings]) if unknown else ""
        raise UsageError(f"{message}。{hint}\n用 {self.prog} --help 查看用法。")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30, width=min(shutil.get_terminal_size().columns, 110) - 2)

    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def _split_lines(self, text: str, width: int) -> list[str]:
        """Wrap by printed width: a Chinese sentence has no blanks to break at, and its characters are two wide."""
        lines, line, used = [], "", 0
        for char in text:
            wide = _width(char)
            if used + wide > width and line and char not in "，。、；：）”":
                lines.append(line)
                line, used = "", 0
            line, used = line + char, used + wide
        return [*lines, line]


def _add_help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-h", "--help", action="help", help="显示这份说明")


def _program() -> str:
    name = Path(sys.argv[0]).name
    return f"python {name}" if name.endswith(".py") else name or "gouji"


def _parser(command: str, usage: str, epilog: str = "") -> _Parser:
    prog = f"{_program()} {command}"
    parser = _Parser(prog=prog, usage=f"{prog} {usage}", description=COMMANDS[command][0], epilog=epilog, add_help=False)
    _add_help(parser)
    return parser


def _commands_help() -> str:
    lines = [f"  {name:<10} {text}" for name, (text, _) in COMMANDS.items()]
    program = _program()
    return "\n".join([
        "命令：", *lines, "", f"每个命令都有说明：{program} check --help", "",
        "例：", f"  {program} 公开文件.pdf                         打开窗口",
        f"  {program} check 公开文件.pdf --xlsx 问题.xlsx   检查并导出问题清单",
        f"  {program} check 文件夹 --json -                检查整个文件夹，结果以 JSON 写到标准输出", "",
        "退出码：0 没有错误级问题；1 至少有一个错误级问题；2 命令有误，或没有一个文件能读。",
    ])


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


# ------------------------------------------------------------------ check and export

def _check(words: Sequence[str], command: str = "check") -> int:
    parser = _parser(command, "PATH… [选项]" if command == "check" else "PATH… --xlsx FILE [选项]",
                     "退出码：0 没有错误级问题；1 至少有一个错误级问题；2 命令有误，或没有一个文件能读。")
    _add_check_arguments(parser)
    given = parser.parse_intermixed_args(words)
    if command == "export" and not given.xlsx:
        raise UsageError("export 需要 --xlsx FILE：问题清单写到哪里。")
    _set_up_log(given)
    return _Checking(given).run()


def _export(words: Sequence[str]) -> int:
    return _check(words, "export")


def _add_check_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="公开文件（PDF、docx、xlsx、xls、zip、txt）或文件夹，可以有多个")
    add("--json", metavar="FILE", help="把全部结果写成 JSON；“-” 表示标准输出")
    add("--xlsx", metavar="FILE", type=Path, help="写出问题清单工作簿")
    add("--pdf", metavar="DIR", type=Path, help="在该文件夹中为每个 PDF 写一份以高亮批注标出问题的副本，原件不动")
    add("--html", metavar="FILE", type=Path, help="写出任何浏览器都能打开的报告，单个文件，不需联网")
    add("--template", metavar="ID", default="", help="不自动识别，按该模板检查（编号见 templates 命令）")
    add("--rules", metavar="FILE", type=Path, help="另加审核人自己写的审核公式（TOML 文件）")
    add("--select", metavar="RULE", nargs="+", action="extend", default=[], help="只运行这些规则或类别（编号或类别名，空格或逗号隔开）")
    add("--ignore", metavar="RULE", nargs="+", action="extend", default=[], help="不运行这些规则或类别")
    add("--prior", metavar="FILE", nargs="+", action="extend", default=[], type=Path, help="同一单位上年的公开文件，用于与上年比较（可多个）")
    add("--no-ocr", dest="ocr", action="store_false", help="不识别扫描页（结果中列为未读）")
    add("--jobs", metavar="N", type=_count, default=0, help="在本机用 N 个进程检查多个文件（默认按处理器数；1 为逐个检查）")
    add("--scheduler", metavar="ADDRESS", default="", help="把工作交给运行中的 Dask 集群，如 tcp://主机:8786（各节点须装有本程序，并能以同样的路径读到文件）")
    loudness = parser.add_mutually_exclusive_group()
    loudness.add_argument("--quiet", action="store_true", help="不显示进度和问题，只显示出错信息")
    loudness.add_argument("--verbose", action="store_true", help="还显示未运行的核对及原因、用时和运行记录")


def _set_up_log(given: argparse.Namespace) -> None:
    logging.basicConfig(level=logging.WARNING if given.verbose else logging.CRITICAL, format="%(levelname)s %(name)s: %(message)s")


class _Checking:
    """One run of `check`: where results go as they come, and what is said meanwhile."""

    def __init__(self, given: argparse.Namespace) -> None:
        from core import batch
        from core.review import Options

        self.given = given
        self.batch = batch
        custom = [rule.id for rule in _own_rules(given.rules)]
        select, strays = _rule_names(given.select, "--select", custom)
        ignore, more_strays = _rule_names(given.ignore, "--ignore", custom)
        paths = [*map(Path, given.paths), *strays, *more_strays]
        if not paths:
            hint = "（--prior 会把它后面的文件都当作上年文件，请把待查文件写在最前面。）" if given.prior else ""
            raise UsageError(f"没有给出要检查的文件或文件夹。{hint}")
        for path in given.prior:
            if not _exists(path):
                raise UsageError(f"找不到 --prior 的文件：{path}")
        self.options = Options(_template_id(given.template), given.rules, select, ignore, tuple(given.prior), given.ocr, given.jobs, cache=page_cache())
        self.files = batch.expand(paths)
        if not self.files:
            raise UsageError(f"{'、'.join(map(str, paths))} 中没有可检查的文件（PDF、docx、xlsx、xls、zip、txt）。")
        self._protect_inputs()
        self.progress = _Progress(not given.quiet)
        self.kept: list[Any] = []
        self.read = self.errors = 0
        self.trouble = False

    def _protect_inputs(self) -> None:
        inputs = {p.resolve() for p in (*self.files, *self.options.prior)}
        if self.options.rules:
            inputs.add(self.options.rules.resolve())
        outputs = [Path(p) for p in (self.given.json, self.given.xlsx, self.given.html) if p and str(p) != "-"]
        for output in outputs:
            if output.resolve() in inputs:
                raise UsageError(f"输出文件 {output} 就是输入文件，不能覆盖。请换一个文件名。")
        if len({o.resolve() for o in outputs}) < len(outputs):
            raise UsageError("两个输出用了同一个文件名，请分开。")
        self.taken = inputs

    def run(self) -> int:
        try:
            with ExitStack() as stack:
                output = _JsonOutput(self.given.json, stack) if self.given.json else None
                for entry in self.batch.run(self.files, self.options, self.progress.step, scheduler=self.given.scheduler):
                    self.progress.clear()
                    self._take(entry)
                    if output:
                        output.add(entry)
                self.progress.clear()
                if output:
                    self._wrote("结果", output.finish)
        except self.batch.NoCluster as error:
            raise UsageError(str(error)) from error
        finally:
            self.progress.clear()
        if self.given.xlsx:
            self._wrote("问题清单", lambda: _or_beside(self.given.xlsx, lambda target: _write_workbook(target, self.kept)))
        if self.given.html:
            self._wrote("报告", lambda: _or_beside(self.given.html, lambda target: _write_html(target, self.kept)))
        if len(self.files) > 1:
            self._say(f"共 {len(self.files)} 份文件，读出 {self.read} 份，错误级问题 {self.errors} 个。")
        if not self.read or self.trouble:
            return UNUSABLE
        return ERRORS_FOUND if self.errors else OK

    # -------------------------------------------------------------- as entries come

    def _take(self, entry: Any) -> None:
        if entry.result is None:
            print(f"{_shown(entry.path)}：{entry.error}", file=sys.stderr)
        else:
            self.read += 1
            self.errors += entry.result.count(ERROR)
            self._report(entry)
            if self.given.pdf:
                self._mark(entry)
        if self.given.xlsx or self.given.html:
            self.kept.append(entry)

    def _mark(self, entry: Any) -> None:
        from core.exports.marked_pdf import NotPdf, copy_name, write_marked_pdf

        target = copy_name(self.given.pdf, entry.path, self.taken)
        try:
            self._wrote("批注副本", lambda: _or_beside(target, lambda t: write_marked_pdf(entry.path, t, entry.result.findings)))
            self.taken.add(target.resolve())
        except (NotPdf, Unreadable) as error:
            self._say(f"{_shown(entry.path)}：{error}")

    def _wrote(self, what: str, write: Callable[[], Path | None]) -> None:
        """Write one output. One that cannot be written is told and makes the exit code 2; the others are still written."""
        from core.exports.files import TargetBusy

        try:
            target = write()
        except (OSError, TargetBusy) as error:
            self.trouble = True
            print(f"错误：{what}无法写出：{_reason(error)}", file=sys.stderr)
        else:
            if target:
                self._say(f"已写出{what}：{_shown(target)}")

    # -------------------------------------------------------------- what is said

    def _say(self, text: str) -> None:
        if not self.given.quiet:
            print(text, file=sys.stderr)

    def _report(self, entry: Any) -> None:
        """The findings of one disclosure for people, on standard output unless that carries the JSON."""
        if self.given.quiet or self.given.json == "-":
            return
        for line in report_lines(entry, self.given.verbose):
            print(line)


class _JsonOutput:
    """Where --json goes. A file is begun at once, so that a wrong place is known before the work, and put in place when whole."""

    def __init__(self, target: str, stack: ExitStack) -> None:
        from core.exports.files import Draft, TargetBusy
        from core.exports.json import JsonWriter

        self.target = None if target == "-" else Path(target)
        self.stream: TextIO = sys.stdout
        if self.target:
            try:
                self.draft = stack.enter_context(Draft(self.target))
                self.stream = stack.enter_context(self.draft.path.open("w", encoding="utf-8", newline="\n"))
            except (OSError, TargetBusy) as error:
                raise UsageError(f"结果无法写出：{_reason(error)}") from error
        self.writer = JsonWriter(self.stream)
        self.add = self.writer.add

    def finish(self) -> Path | None:
        self.writer.close()
        if self.target is None:
            return None
        self.stream.close()
        return _or_beside(self.target, self.draft.put)


def report_lines(entry: Any, verbose: bool = False) -> Iterator[str]:
    """A disclosure's findings as text: facts, then a line for each, then the count of what was checked."""
    result = entry.result
    doc = result.document
    facts = [doc.unit_name.value, f"{doc.year}年" if doc.year else "", doc.kind, f"模板 {doc.template}", f"{len(doc.pages)} 页",
             f"{len(doc.tables)} 张表"]
    yield f"{_shown(entry.path)}：{'，'.join(f for f in facts if f)}"
    for finding in result.findings:
        where = place_text(finding.place) if finding.place else ""
        yield f"  {MARKS.get(finding.severity, finding.severity)} {finding.rule} {where}：{finding.message}"
    if doc.unread_pages:
        yield f"  未读的页：{'、'.join(map(str, doc.unread_pages))}（扫描页或无法识别，未检查）"
    yield (f"  {verdict_of(result)}；核对通过 {result.status_count(PASS)} 项；金额 {result.coverage.amounts} 个，"
           f"已核对 {result.coverage.verified} 个")
    for check in result.checks:
        if check.status == BROKEN or (verbose and check.status == SKIPPED):
            yield f"  {'规则出错' if check.status == BROKEN else '未运行'} {check.rule} {check.relation}：{check.reason}"
    if verbose:
        seconds = result.seconds
        yield f"  用时 {seconds.get('total', 0):.1f} 秒（读取 {seconds.get('read', 0):.1f}，核对 {seconds.get('check', 0):.1f}）"


def _own_rules(file: Path | None) -> Sequence[Any]:
    """The reviewer's rules, parsed before any reading, so that a mistake in them is told at once."""
    from core.review import BadRules, custom_rules

    try:
        return custom_rules(file) if file else []
    except BadRules as error:
        raise UsageError(str(error)) from error


def _write_workbook(target: Path, entries: Sequence[Any]) -> None:
    from core.exports.workbook import write_workbook
    from core.review import known_rules

    write_workbook(target, entries, known_rules())


def _write_html(target: Path, entries: Sequence[Any]) -> None:
    from core.exports.html import write_html

    write_html(target, entries)


def _or_beside(target: Path, write: Callable[[Path], None]) -> Path:
    """Write, under another name when the target is open elsewhere; say so, and give the name."""
    from core.exports.files import TargetBusy

    try:
        write(target)
        return target
    except TargetBusy as busy:
        write(busy.offer)
        print(f"“{_shown(target)}”被占用或不可写，已另存为“{_shown(busy.offer)}”。", file=sys.stderr)
        return busy.offer


def _reason(error: Exception) -> str:
    return f"{error.strerror}（{error.filename}）" if isinstance(error, OSError) and error.strerror else str(error)


def _shown(path: Path) -> str:
    return str(path).encode("utf-8", "replace").decode("utf-8")


# ------------------------------------------------------------------ names of rules and templates

def _rule_names(words: Sequence[str], option: str, custom: Iterable[str] = ()) -> tuple[tuple[str, ...], list[Path]]:
    """The rule ids and families that were named, and files that stood behind the option: `check --select X105 a.pdf` means a.pdf as well."""
    if not words:
        return (), []
    from core.review import known_rules

    names = {name.casefold(): name for name in (*FAMILIES, *(r.id for r in known_rules()), *custom)}
    names.update({chinese: family for family, chinese in FAMILIES.items()})
    chosen: list[str] = []
    paths: list[Path] = []
    for word in words:
        parts = [part for part in re.split("[,，、]", word) if part]
        if all(part.casefold() in names for part in parts):
            chosen += [names[part.casefold()] for part in parts]
        elif _exists(Path(word)):
            paths.append(Path(word))
        else:
            unknown = next(part for part in parts if part.casefold() not in names)
            raise UsageError(f"{option}：没有规则或类别“{unknown}”。{_did_you_mean(unknown, names.values())}"
                             f"用 rules 命令查看全部规则；类别有 {'、'.join(FAMILIES)}。")
    return tuple(dict.fromkeys(chosen)), paths


def _template_id(word: str) -> str:
    from core.layouts import GENERIC, templates

    ids = [t.id for t in (*templates(), GENERIC)]
    if word and word not in ids:
        raise UsageError(f"没有模板“{word}”。{_did_you_mean(word, ids)}可用的模板：{'、'.join(ids)}。")
    return word


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _nearest(word: str, among: Iterable[str]) -> list[str]:
    names = {name.casefold(): name for name in among}
    return [names[n] for n in difflib.get_close_matches(word.casefold(), names, 3, 0.6)]


def _did_you_mean(word: str, among: Iterable[str]) -> str:
    near = _nearest(word, among)
    return f"是不是“{'”或“'.join(near)}”？" if near else ""


# ------------------------------------------------------------------ rules and templates

def _rules(words: Sequence[str]) -> int:
    from core.review import known_rules

    parser = _parser("rules", "[ID] [--format text|json|md]")
    parser.add_argument("id", nargs="?", metavar="ID", help="规则编号，如 S201；不写则列出全部规则")
    parser.add_argument("--format", choices=("text", "json", "md"), default="text", help="text 供阅读（默认），json 供程序，md 供文档")
    given = parser.parse_intermixed_args(words)
    rules = list(known_rules())
    if given.id:
        chosen = [r for r in rules if r.id.casefold() == given.id.casefold()]
        if not chosen:
            raise UsageError(f"没有规则“{given.id}”。{_did_you_mean(given.id, [r.id for r in rules])}")
        rules = chosen
    if given.format == "json":
        print(json.dumps([_rule_json(r) for r in rules], ensure_ascii=False, indent=1))
    elif given.format == "md":
        print("\n".join(_rule_markdown(rules)))
    elif given.id:
        print("\n\n".join("\n".join(_rule_text(r)) for r in rules))
    else:
        for r in rules:
            print(f"{_pad(r.id, 6)} {_pad(SEVERITIES[r.severity], 4)} {_pad(FAMILIES[r.family], 8)} {r.title}"
                  f"{'  [' + '、'.join(r.templates) + ']' if r.templates else ''}")
        print(f"共 {len(rules)} 条规则。用 rules 编号 查看说明。", file=sys.stderr)
    return OK


def _rule_parts(rule: Any) -> list[tuple[str, str]]:
    """A rule as label and text, without what it does not have."""
    from core.reference import regulations

    known = regulations()
    parts = [
        ("级别", SEVERITIES[rule.severity]), ("类别", FAMILIES[rule.family]), ("说明", _flowing(rule.explanation)), ("公式", rule.formula),
        ("示例", _flowing(rule.example)), ("处理", _flowing(rule.remedy)), ("依据", "；".join(known[key].text if key in known else key for key in rule.basis)),
        ("所需表", "、".join(rule.tables)), ("适用模板", "、".join(rule.templates) or "全部"),
    ]
    return [(label, text) for label, text in parts if text]


def _flowing(text: str) -> str:
    """A docstring's lines as one paragraph: Chinese needs no blank where a line was broken."""
    return re.sub(r"(?<=[^\x00-\x7f])\s*\n\s*(?=[^\x00-\x7f])", "", re.sub(r"[ \t]*\n[ \t]*", "\n", text.strip())).replace("\n", " ")


def _rule_text(rule: Any) -> list[str]:
    return [f"{rule.id}  {rule.title}", *(f"  {_pad(label, 8)} {text}" for label, text in _rule_parts(rule))]


def _rule_json(rule: Any) -> dict[str, Any]:
    return {
        "id": rule.id, "title": rule.title, "family": rule.family, "severity": rule.severity, "explanation": rule.explanation,
        "formula": rule.formula, "example": rule.example, "remedy": rule.remedy, "basis": list(rule.basis), "tables": list(rule.tables),
        "templates": list(rule.templates), "source": rule.source,
    }


def _rule_markdown(rules: Sequence[Any]) -> Iterator[str]:
    yield "# 规则目录"
    yield ""
    yield f"共 {len(rules)} 条。由 `rules --format md` 生成。"
    for family, name in FAMILIES.items():
        own = [r for r in rules if r.family == family]
        if own:
            yield from ("", f"## {name}（{family}）")
        for rule in own:
            yield from ("", f"### {rule.id} {rule.title}", "")
            yield from (f"- **{label}**：{'`' + text + '`' if label == '公式' else text}" for label, text in _rule_parts(rule))


def _templates(words: Sequence[str]) -> int:
    from core.layouts import GENERIC, template, templates

    parser = _parser("templates", "[ID]")
    parser.add_argument("id", nargs="?", metavar="ID", help="模板编号；不写则列出全部模板")
    given = parser.parse_intermixed_args(words)
    if not given.id:
        for known in (*templates(), GENERIC):
            print(f"{_pad(known.id, 20)} {_pad(known.name, 36)} {len(known.tables)} 张表，{_years(known)}")
        return OK
    known = template(_template_id(given.id))
    print(f"{known.id}  {known.name}\n  适用：{'、'.join(known.kinds) or '其他文件'}，{_years(known)}\n  审核公式：{len(known.relations)} 条")
    for section in known.sections:
        print(f"  {'  ' * (section.level - 1)}{section.title}{'' if section.required else '（可缺）'}")
    for table in known.tables:
        print(f"  {_pad(table.id, 8)} {table.title}{'（' + table.unit + '）' if table.unit else ''}{'' if table.required else '（可缺）'}")
        print(f"  {'':8} 栏目：{'、'.join(c.key for c in table.columns)}")
    return OK


def _years(known: Any) -> str:
    first, last = known.first_year, known.last_year
    if not first and last >= 9999:
        return "不限年度"
    return f"{first or ''}—{last if last < 9999 else ''} 年度" if first != last else f"{first} 年度"


def _bench(words: Sequence[str]) -> int:
    from core import bench

    parser = _parser("bench", "PDF… [选项]", "各项在同一进程中轮流运行，取中位数；CPU 时间不受其他程序影响。")
    bench.add_arguments(parser)
    given = parser.parse_intermixed_args(words)
    try:
        return bench.run(given)
    except bench.BadInput as error:
        raise UsageError(str(error)) from error


COMMANDS: dict[str, tuple[str, Callable[[Sequence[str]], int]]] = {
    "check": ("检查文件和文件夹，不开窗口", _check),
    "export": ("检查并写出问题清单工作簿（等于 check … --xlsx）", _export),
    "rules": ("列出规则，或解释一条", _rules),
    "templates": ("列出已知的公开模板，或显示一个", _templates),
    "bench": ("测量读取和核对的速度与内存", _bench),
}


# ------------------------------------------------------------------ the terminal

def _width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, columns: int) -> str:
    return text + " " * max(0, columns - _width(text))


class _Progress:
    """How far the work is, on one line of standard error that is written over; nothing where that is no terminal."""

    def __init__(self, wanted: bool) -> None:
        self.on = wanted and sys.stderr.isatty()
        self.shown = 0
        self.last = 0.0

    def step(self, done: int, total: int, label: str) -> None:
        now = time.monotonic()
        if not self.on or now - self.last < 0.1:
            return
        self.last = now
        text = f"{done}/{total} {label}" if total else label
        room = shutil.get_terminal_size().columns - 1
        while _width(text) > room:
            text = text[:-1]
        wide = _width(text)
        sys.stderr.write("\r" + text + " " * max(0, self.shown - wide))
        sys.stderr.flush()
        self.shown = wide

    def clear(self) -> None:
        if self.shown:
            sys.stderr.write("\r" + " " * self.shown + "\r")
            sys.stderr.flush()
            self.shown = 0
