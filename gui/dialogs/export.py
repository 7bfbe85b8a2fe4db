"""Export: which findings, in what form, where to; a target in use is offered another name; afterwards the file or its folder opens."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QRadioButton, QWidget

from core.errors import Unreadable
from core.exports.files import TargetBusy, free_name
from core.paths import resource
from core.results import Finding
from core.review import Entry
from core.review_file import DISMISSED
from gui import theme
from gui.dialogs.base import Dialog, label, open_path
from gui.job import Job
from gui.state import OpenDocument, State

EXCEL, HTML, PDF, JSON = "excel", "html", "pdf", "json"


@dataclass(frozen=True)
class Form:
    """A form to export to."""

    id: str
    name: str
    what: str
    ending: str
    suffix: str


FORMS = (
    Form(EXCEL, "Excel 工作簿", "问题清单、汇总、规则和解析出的各表", "_审核结果", ".xlsx"),
    Form(HTML, "网页报告", "一个文件，任何浏览器都能打开", "_审核报告", ".html"),
    Form(PDF, "批注 PDF", "原文件的副本，问题处加批注", "_批注", ".pdf"),
    Form(JSON, "JSON", "全部结果，供其他程序使用", "_结果", ".json"),
)
SCOPES = {"all": "全部问题", "filtered": "当前筛选的问题", "open": "待核的问题"}


def write(form: str, target: Path, entry: Entry) -> None:
    """Writes an entry in a form. Raises TargetBusy, Unreadable, OSError, or NotPdf."""
    if form == EXCEL:
        from core.exports.workbook import write_workbook
        from core.review import known_rules
        write_workbook(target, [entry], known_rules())
    elif form == HTML:
        from core.exports.html import write_html
        write_html(target, [entry])
    elif form == JSON:
        from core.exports.json import write_json
        write_json(target, [entry])
    else:
        from core.exports.marked_pdf import write_marked_pdf
        write_marked_pdf(entry.path, target, entry.result.findings if entry.result else ())


class ExportDialog(Dialog):
    """Remembers the form, scope and folder of the last export."""

    def __init__(self, state: State, parent: QWidget | None = None, writer: Callable[[str, Path, Entry], None] = write) -> None:
        super().__init__("导出", parent, 620, 400)
        self._state = state
        self._doc = state.current
        self._write = writer
        self._job: Job | None = None
        self._done: Path | None = None
        self._offer: Path | None = None
        self._build()
        self._suggest()
        self._count()

    def _build(self) -> None:
        settings = self._state.settings
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(6))
        self.forms, self.scopes = QButtonGroup(self), QButtonGroup(self)
        grid.addWidget(label("形式", "heading"), 0, 0)
        pdf = self._doc is not None and self._doc.path.suffix.lower() == ".pdf"
        for row, form in enumerate(FORMS):
            choice = QRadioButton(f"{form.name}　")
            choice.setToolTip(form.what)
            choice.setAccessibleName(f"{form.name}：{form.what}")
            choice.setEnabled(form.id != PDF or pdf)
            self.forms.addButton(choice, row)
            grid.addWidget(choice, row, 1)
            grid.addWidget(label(form.what, "secondary"), row, 2)
        scope_row = len(FORMS) + 1
        grid.setRowMinimumHeight(len(FORMS), theme.px(6))
        grid.addWidget(label("内容", "heading"), scope_row, 0)
        for number, (key, name) in enumerate(SCOPES.items()):
            choice = QRadioButton(name)
            choice.setProperty("scope", key)
            self.scopes.addButton(choice, number)
            grid.addWidget(choice, scope_row + number, 1, 1, 2)
        self.dismissed = QCheckBox("包括已排除的问题（连同理由）")
        self.dismissed.setChecked(str(settings.value("export/dismissed", "true")) == "true")
        grid.addWidget(self.dismissed, scope_row + len(SCOPES), 1, 1, 2)
        grid.setColumnStretch(2, 1)
        self.body.addLayout(grid)
        self.body.addSpacing(theme.px(6))
        row_layout = QHBoxLayout()
        self.target = QLineEdit()
        self.target.setAccessibleName("保存到")
        browse = QPushButton("浏览…")
        browse.clicked.connect(self._browse)
        row_layout.addWidget(label("保存到", "heading"))
        row_layout.addWidget(self.target, 1)
        row_layout.addWidget(browse)
        self.body.addLayout(row_layout)
        self.message = label("")
        self.body.addWidget(self.message)
        self.body.addStretch(1)
        self.open_file, self.open_folder = self.button("打开文件"), self.button("打开所在文件夹")
        self.another = self.button("换个名称保存")
        self.foot.addStretch(1)
        self.go = self.button("导出", "primary", True)
        close = self.button("关闭")
        close.clicked.connect(self.reject)
        for hidden in (self.open_file, self.open_folder, self.another):
            hidden.hide()
        chosen = next((i for i, f in enumerate(FORMS) if f.id == str(settings.value("export/form", EXCEL))), 0)
        button = self.forms.button(chosen)
        (button if button.isEnabled() else self.forms.button(0)).setChecked(True)
        scope = str(settings.value("export/scope", "all"))
        self.scopes.button(list(SCOPES).index(scope) if scope in SCOPES else 0).setChecked(True)
        self.forms.idToggled.connect(lambda _, on: self._suggest() if on else None)
        self.scopes.idToggled.connect(lambda *_: self._count())
        self.dismissed.toggled.connect(lambda _: self._count())
        self.go.clicked.connect(lambda: self.export())
        self.another.clicked.connect(self._export_to_offer)
        self.open_file.clicked.connect(lambda: self._done and open_path(self._done))
        self.open_folder.clicked.connect(lambda: self._done and open_path(self._done.parent))

    # ---- what and where to

    @property
    def form(self) -> Form:
        return FORMS[max(self.forms.checkedId(), 0)]

    @property
    def scope(self) -> str:
        return list(SCOPES)[max(self.scopes.checkedId(), 0)]

    def findings(self) -> list[Finding]:
        """The findings of the chosen scope, in document order."""
        doc = self._doc
        if doc is None or doc.result is None:
            return []
        found = sorted(doc.result.findings, key=self._state.order)
        if self.scope == "filtered":
            found = [f for f in found if self._state.passes(f)]
        elif self.scope == "open":
            found = [f for f in found if not doc.verdict(f).decided]
        if not self.dismissed.isChecked():
            found = [f for f in found if doc.verdict(f).state != DISMISSED]
        return found

    def _count(self) -> None:
        total = len(self._doc.result.findings) if self._doc and self._doc.result else 0
        self._say(f"将导出 {len(self.findings())} 项问题（共 {total} 项）")
        self.go.setEnabled(self._doc is not None and self._doc.result is not None)

    def _suggest(self) -> None:
        doc = self._doc
        if doc is None:
            return
        last = str(self._state.settings.value("export/folder", "") or "")
        folder = Path(last) if last and Path(last).is_dir() else doc.path.absolute().parent
        if folder == resource("sample.pdf").absolute().parent:  # nothing is put among the program's own files
            documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
            folder = documents if documents.is_dir() else Path.home()
        target = folder / f"{doc.path.stem}{self.form.ending}{self.form.suffix}"
        self.target.setText(str(free_name(target) if target.exists() else target))

    def _browse(self) -> None:
        form = self.form
        path, _ = QFileDialog.getSaveFileName(self, "导出到", self.target.text(), f"{form.name} (*{form.suffix})")
        if path:
            self.target.setText(path)

    def _say(self, text: str, colour: str = "secondary") -> None:
        self.message.setText(text)
        self.message.setStyleSheet(f"color: {getattr(theme.colours(), colour)}")

    # ---- writing

    def entry(self) -> Entry:
        doc = self._doc
        assert doc is not None and doc.result is not None
        result = replace(doc.result, findings=tuple(self.findings()))
        return Entry(doc.path, result, "", doc.result.document.sha256, {f.fingerprint: doc.verdict(f) for f in result.findings})

    def export(self, target: Path | None = None) -> None:
        """Writes away from the window's thread; the dialog says what came of it."""
        doc: OpenDocument | None = self._doc
        if doc is None or doc.result is None or self._job is not None:
            return
        text = self.target.text().strip()
        if target is None and not text:
            self._say("请写明保存到哪里", "error")
            return
        target = target or Path(text)
        if not target.suffix:
            target = target.with_name(target.name + self.form.suffix)
        if target.absolute() == doc.path.absolute():
            self._say("不能覆盖原文件，请换一个名称", "error")
            return
        form, entry = self.form.id, self.entry()
        self._remember(target)
        for hidden in (self.open_file, self.open_folder, self.another):
            hidden.hide()
        self._say("正在导出…")
        self.go.setEnabled(False)
        job = Job(lambda step: self._write(form, target, entry), self)
        job.succeeded.connect(lambda _: self._succeeded(target, len(entry.result.findings) if entry.result else 0))
        job.failed.connect(self._failed)
        job.finished.connect(self._finished)
        self._job = job
        job.start()

    def _remember(self, target: Path) -> None:
        settings = self._state.settings
        settings.setValue("export/form", self.form.id)
        settings.setValue("export/scope", self.scope)
        settings.setValue("export/dismissed", "true" if self.dismissed.isChecked() else "false")
        settings.setValue("export/folder", str(target.absolute().parent))

    def _finished(self) -> None:
        self._job = None
        self.go.setEnabled(True)

    def _succeeded(self, target: Path, count: int) -> None:
        self._done = target
        self._say(f"已导出 {count} 项问题：{target}", "ok")
        self.go.setText("再次导出")
        self.open_file.show()
        self.open_folder.show()
        self._state.message.emit(f"已导出：{target.name}")

    def _failed(self, error: object) -> None:
        if isinstance(error, TargetBusy):
            self._offer = error.offer
            self._say(str(error), "error")
            self.go.setText("重试")
            self.another.setText(f"另存为 {error.offer.name}")
            self.another.show()
        elif isinstance(error, (Unreadable, ValueError)) or type(error).__name__ == "NotPdf":
            self._say(f"未能导出：{error}", "error")
        elif isinstance(error, OSError):
            self._say(f"未能导出：{error.strerror or error}。请检查磁盘空间和文件夹权限，或换一个位置。", "error")
        else:
            self._say(f"未能导出：{error}。详情见“帮助 ▸ 运行日志”。", "error")

    def _export_to_offer(self) -> None:
        if self._offer is not None:
            self.target.setText(str(self._offer))
            self.export(self._offer)

    def reject(self) -> None:
        """Closing waits for what is being written, so that no half file is left."""
        if self._job is not None:
            self._job.wait(10_000)
        super().reject()
