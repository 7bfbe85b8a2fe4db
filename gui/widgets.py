"""Small widgets that several panels use."""
from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QTabBar,
    QToolButton,
    QWidget,
)

from gui import theme


def moves(widget: QWidget) -> bool:
    """Whether the system lets windows animate."""
    return bool(widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, widget))


class KeyButton(QPushButton):
    """A button with its shortcut printed small behind its word; the key gives way where room is short."""

    def __init__(self, text: str, key: str = "", kind: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._key, self._show_key = key, True
        self.setAccessibleName(text.rstrip("…"))
        self.setToolTip(f"{text.rstrip('…')}（{key}）" if key else text.rstrip("…"))
        if kind:
            self.setProperty("kind", kind)

    def show_key(self, on: bool) -> None:
        if on != self._show_key:
            self._show_key = on
            self.updateGeometry()
            self.update()

    def _key_text(self) -> str:
        return self._key if self._show_key else ""

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(theme.font(bold=self.property("kind") is not None)).horizontalAdvance(self.text())
        if self._key_text():
            wide += theme.px(6) + QFontMetrics(theme.font(11)).horizontalAdvance(self._key_text())
        return QSize(wide + theme.px(24), theme.px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        try:
            self._draw(painter)
        finally:  # ended even when drawing fails
            painter.end()

    def _draw(self, painter: QStylePainter) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        text, option.text = option.text, ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        kind = self.property("kind")
        c = theme.colours()
        ink = c.faint if not self.isEnabled() else "#ffffff" if kind in ("primary", "danger") else option.palette.color(group, QPalette.ColorRole.ButtonText)
        font = theme.font(bold=bool(kind))
        metrics, small = QFontMetrics(font), QFontMetrics(theme.font(11))
        wide = metrics.horizontalAdvance(text)
        key = self._key_text()
        total = wide + (theme.px(6) + small.horizontalAdvance(key) if key else 0)
        left = (self.width() - total) // 2
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(QRect(left, 0, wide + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), text)
        if key:
            painter.setFont(theme.font(11))
            painter.setPen(ink if kind in ("primary", "danger") else c.faint)
            painter.setOpacity(0.8)
            painter.drawText(QRect(left + wide + theme.px(6), 0, self.width(), self.height()), int(Qt.AlignmentFlag.AlignVCenter), key)


class Elided(QLabel):
    """A label that gives way: shortened with an ellipsis, whole in its tooltip."""

    def __init__(self, parent: QWidget | None = None, right: bool = False) -> None:
        super().__init__(parent)
        self._full = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if right:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def set_full(self, text: str) -> None:
        self._full = text
        self.setAccessibleName(text)
        self.setToolTip(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(QFontMetrics(self.font()).elidedText(self._full, Qt.TextElideMode.ElideRight, self.width()))


class Tabs(QTabBar):
    """The open documents. Where they are many, names are shortened only so far that they can still be told apart; then one scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setUsesScrollButtons(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def minimumTabSizeHint(self, index: int) -> QSize:
        whole = self.tabSizeHint(index)
        return QSize(min(whole.width(), theme.px(220 if index == self.currentIndex() else 168)), whole.height())


class Segments(QWidget):
    """A few words of which one is chosen."""

    def __init__(self, words: Sequence[str], chosen: Callable[[int], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self.buttons: list[QToolButton] = []
        for number, word in enumerate(words):
            button = QToolButton(self)
            button.setText(word)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setAccessibleName(word)
            button.clicked.connect(lambda _=False, n=number: chosen(n))
            row.addWidget(button)
            self.buttons.append(button)
        self.buttons[0].setChecked(True)

    def choose(self, number: int) -> None:
        self.buttons[number].setChecked(True)


class Toast(QFrame):
    """A message that does not stop the work: at the bottom, gone after a while; the same one is not stacked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setAccessibleName("消息")
        self._label = QLabel(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 8, 10, 8)
        self._row.addWidget(self._label)
        self._over = parent
        self._extra: list[QPushButton] = []
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        return self._label.text()

    def say(self, text: str, actions: Sequence[tuple[str, Callable[[], object]]] = ()) -> None:
        c = theme.colours()
        ground, ink = ("#1d2733", "#ffffff") if not c.dark else ("#e6ebf1", "#1d2733")
        link = "#9cc4f0" if not c.dark else "#1f5fa6"
        self.setStyleSheet(f"#toast {{ background: {ground}; border-radius: 8px; }} #toast QLabel {{ color: {ink}; }}"
                           f"#toast QPushButton {{ color: {link}; background: transparent; border: 0; font-weight: 600; }}"
                           f"#toast QPushButton:hover, #toast QPushButton:focus {{ text-decoration: underline; }}")
        for button in self._extra:
            self._row.removeWidget(button)
            button.deleteLater()
        self._extra = []
        self._label.setText(text)
        for word, act in actions:
            button = QPushButton(word, self)
            button.clicked.connect(act)
            button.clicked.connect(self.hide)
            self._row.addWidget(button)
            self._extra.append(button)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(12000 if actions else 4500)

    def _place(self) -> None:
        parent = self._over
        self._label.setWordWrap(False)
        self.setMaximumWidth(max(200, parent.width() - 40))
        self.adjustSize()
        self.move(QPoint((parent.width() - self.width()) // 2, parent.height() - self.height() - theme.px(40)))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False
