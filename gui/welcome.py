"""The first screen: open, drop here, the sample, what was open last, recent files."""
from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QFileInfo, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from core.paths import resource
from gui import theme
from gui.actions import keys_of
from gui.state import State

STEPS = (
    ("打开", keys_of("open"), "读取并检查，文字页几秒钟；扫描页随后识别"),
    ("逐项看问题", keys_of("next"), "页面、表格、算式一起跟到出处；点一个数看它的构成"),
    ("裁定", " ".join(map(keys_of, ("confirm", "dismiss", "reopen"))), "属实、排除、待核，可写备注，自动保存，可撤销"),
    ("导出", keys_of("export"), "问题清单工作簿、网页报告或带批注的 PDF"),
)


class DropArea(QWidget):
    """Where files may be dropped; the whole window takes them, this says so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = False
        self.setMinimumHeight(theme.px(96))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName("把文件或文件夹拖到这里")

    def sizeHint(self) -> QSize:
        return QSize(theme.px(400), theme.px(150))

    def set_over(self, over: bool) -> None:
        self._over = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:  # ended even when drawing fails
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        c = theme.colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        pen = QPen(QColor(c.accent if self._over else c.faint), 1.5, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(c.selection if self._over else c.raised))
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(rect, 8, 8)
        icon = theme.icon("file", c.accent)
        side = theme.px(34)
        icon.paint(painter, int(rect.center().x() - side / 2), int(rect.center().y() - side), side, side)
        painter.setPen(QColor(c.secondary))
        painter.setFont(theme.font(13))
        rect.setTop(rect.center().y() + theme.px(10))
        painter.drawText(rect, Qt.AlignmentFlag.AlignHCenter, "把公开文件或文件夹拖到窗口任意位置\nPDF · Word · Excel，可同时打开多个")


class RecentDelegate(QStyledItemDelegate):
    """A file's name, its folder smaller beneath; one that is gone is grey and says so."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, theme.px(44))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        c = theme.colours()
        rect: QRect = option.rect
        there = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if there and option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.selection if option.state & QStyle.StateFlag.State_Selected else c.hover))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), 5, 5)
        side = theme.px(20)
        theme.icon("file", c.accent if there else c.faint).paint(painter, rect.left() + theme.px(8), rect.center().y() - side // 2, side, side)
        path = Path(str(index.data(Qt.ItemDataRole.UserRole)))
        words = rect.adjusted(theme.px(38), theme.px(4), -theme.px(8), -theme.px(4))
        for text, pixels, ink, place in ((path.name if there else f"{path.name}（文件不在了）", 13, c.ink if there else c.faint, Qt.AlignmentFlag.AlignTop),
                                         (str(path.parent), 11.5, c.secondary if there else c.faint, Qt.AlignmentFlag.AlignBottom)):
            font = theme.font(pixels)
            painter.setFont(font)
            painter.setPen(QColor(ink))
            painter.drawText(words, int(place | Qt.AlignmentFlag.AlignLeft),
                             QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideMiddle, words.width()))
        painter.restore()


class Welcome(QWidget):
    """Shown while nothing is open."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._list = QListWidget(self)
        self._list.setAccessibleName("最近打开的文件")
        self._list.setItemDelegate(RecentDelegate(self._list))
        self._list.setMouseTracking(True)
        self._list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._list.itemActivated.connect(self._open_item)
        self._list.itemClicked.connect(self._open_item)
        self._list.installEventFilter(self)
        self._drop = DropArea(self)
        self._resume = QPushButton(self)
        self._resume.setAccessibleName("继续上次")
        self._resume.clicked.connect(lambda: state.open([p for p in state.last_session() if p.exists()]))
        self._clear = QPushButton("清空列表", self)
        self._clear.setProperty("kind", "link")
        self._clear.clicked.connect(state.clear_recent)
        opener = QPushButton(f"打开文件… {keys_of('open')}", self)
        opener.setProperty("kind", "primary")
        opener.clicked.connect(lambda: state.action_requested.emit("open"))
        self.opener = opener
        folder = QPushButton("打开文件夹…", self)
        folder.clicked.connect(lambda: state.action_requested.emit("open_folder"))
        sample = QPushButton("打开示例文件", self)
        sample.clicked.connect(lambda: state.action_requested.emit("open_sample"))
        sample.setVisible(resource("sample.pdf").exists())
        self._title = QLabel("勾稽", self)
        self._sub = QLabel("预算、决算公开文件的表格勾稽与内容检查", self)
        self._sub.setProperty("kind", "secondary")
        self._recent_title = QLabel("最近打开", self)
        self._recent_title.setProperty("kind", "heading")
        self._foot = QLabel(f"全程离线，不联网，不改动原文件。{keys_of('keys')} 查看快捷键", self)
        self._foot.setProperty("kind", "faint")
        card = QFrame(self)
        card.setProperty("kind", "card")
        self._card = card
        column = QVBoxLayout(card)
        column.setContentsMargins(36, 30, 36, 24)
        column.setSpacing(12)
        top = QHBoxLayout()
        mark = QLabel(self)
        self._mark = mark
        top.addWidget(mark)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._sub)
        top.addSpacing(10)
        top.addLayout(words, 1)
        column.addLayout(top)
        column.addSpacing(6)
        column.addWidget(self._drop)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (opener, folder, sample):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._resume)
        column.addLayout(buttons)
        column.addSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self._recent_title)
        head.addStretch(1)
        head.addWidget(self._clear)
        column.addLayout(head)
        column.addWidget(self._list, 1)
        self._rest = self._steps()  # in the room of the list while there is none
        column.addWidget(self._rest, 1)
        column.addWidget(self._foot)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card, 6)
        across.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 24, 20, 24)
        whole.addLayout(across)
        for signal in (state.recent_changed, state.theme_changed):
            signal.connect(lambda: self.refresh() if self.isVisible() else None)
        self.refresh()

    def _steps(self) -> QWidget:
        """How a file is reviewed, for whoever opens the program the first time."""
        steps = QWidget(self)
        grid = QGridLayout(steps)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        heading = QLabel("怎样审核一份文件", steps)
        heading.setProperty("kind", "heading")
        grid.addWidget(heading, 0, 0, 1, 3)
        for row, (name, keys, what) in enumerate(STEPS, 1):
            grid.addWidget(QLabel(f"{row}　{name}", steps), row, 0)
            for column, text in ((1, keys), (2, what)):
                told = QLabel(text, steps)
                told.setProperty("kind", "secondary")
                grid.addWidget(told, row, column)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(len(STEPS) + 1, 1)
        return steps

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_rest()

    def _show_rest(self) -> None:
        """In a low window files are opened all the same, and the steps are left out rather than cut."""
        self._rest.setVisible(not self._list.count() and self.height() >= theme.px(510))

    def showEvent(self, event: object) -> None:
        self.refresh()

    def set_over(self, over: bool) -> None:
        self._drop.set_over(over)

    def refresh(self) -> None:
        self._card.setMaximumWidth(theme.px(820))
        self._mark.setPixmap(theme.icon("app").pixmap(theme.px(52), theme.px(52)))
        self._title.setFont(theme.font(26, bold=True))
        self._title.setStyleSheet(f"color: {theme.colours().strong}; font-size: {theme.px(26)}px; font-weight: 700;")
        last = [p for p in self._state.last_session() if p.exists()]
        self._resume.setVisible(bool(last))
        self._resume.setText(f"继续上次（{len(last)} 个文件）" if len(last) > 1 else f"继续上次：{_short(last[0].stem)}" if last else "")
        self._resume.setToolTip("\n".join(map(str, last)))
        self._list.clear()
        recent = self._state.recent()
        for path in recent:
            there = path.exists()
            item = QListWidgetItem(path.name if there else f"{path.name}（文件不在了）")
            item.setData(Qt.ItemDataRole.UserRole, str(path))
            item.setToolTip(QFileInfo(str(path)).absoluteFilePath())
            if not there:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        self._recent_title.setVisible(bool(recent))
        self._list.setVisible(bool(recent))
        self._clear.setVisible(bool(recent))
        self._show_rest()

    def _open_item(self, item: QListWidgetItem) -> None:
        if item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self._state.open([Path(str(item.data(Qt.ItemDataRole.UserRole)))])

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self._list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress \
                and event.key() == Qt.Key.Key_Delete and self._list.currentItem() is not None:
            self._state.forget(Path(str(self._list.currentItem().data(Qt.ItemDataRole.UserRole))))
            return True
        return False


def _short(name: str, most: int = 18) -> str:
    return name if len(name) <= most else name[:most - 1] + "…"
