"""Colours, fonts and the style sheet, light and dark. Every colour of the window comes from here."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from core.paths import resource

BASE_PIXELS = 13
SCALES = (0.85, 1.0, 1.15, 1.3, 1.5)


@dataclass(frozen=True)
class Colours:
    """Names say what a colour is for. `*_soft` is the ground behind the colour of the same name."""

    dark: bool
    ink: str
    strong: str
    secondary: str
    faint: str
    line: str
    line_soft: str
    ground: str
    surface: str
    raised: str
    header: str
    accent: str
    accent_ink: str
    selection: str
    hover: str
    error: str
    error_soft: str
    warning: str
    warning_soft: str
    hint: str
    hint_soft: str
    ok: str
    ok_soft: str
    idle: str
    related: str
    related_soft: str
    canvas: str
    bar: str

    def severity(self, severity: str) -> str:
        return {"error": self.error, "warning": self.warning}.get(severity, self.hint)

    def severity_soft(self, severity: str) -> str:
        return {"error": self.error_soft, "warning": self.warning_soft}.get(severity, self.hint_soft)


LIGHT = Colours(
    dark=False, ink="#1d2733", strong="#12355b", secondary="#5d6b7a", faint="#8a97a6", line="#d8dee5", line_soft="#e3e8ed",
    ground="#eef1f4", surface="#ffffff", raised="#f6f8fa", header="#f1f5fa", accent="#1f5fa6", accent_ink="#ffffff",
    selection="#dcebfb", hover="#eef4fb", error="#b3261e", error_soft="#fbe4e2", warning="#9a5b00", warning_soft="#fdf1dc",
    hint="#5a6675", hint_soft="#edf0f3", ok="#1b7f4b", ok_soft="#e2f3e9", idle="#8a97a6", related="#2f6fb3",
    related_soft="#e1edf9", canvas="#d3d9e0", bar="#e3e8ee",
)
DARK = Colours(
    dark=True, ink="#dfe5ec", strong="#9cc4f0", secondary="#9aa7b6", faint="#75828f", line="#3a444f", line_soft="#2f3842",
    ground="#171c22", surface="#1f262e", raised="#262e37", header="#252e38", accent="#3d82cf", accent_ink="#ffffff",
    selection="#274a70", hover="#2a3644", error="#ff8a80", error_soft="#4a2522", warning="#f0b352", warning_soft="#46371a",
    hint="#aeb9c6", hint_soft="#323c47", ok="#5fc892", ok_soft="#1d3a2b", idle="#8492a1", related="#6fb0f2",
    related_soft="#1f3a56", canvas="#12161b", bar="#262e37",
)

# Marks printed on the page itself: paper is white in both themes, so these do not change.
PAGE = LIGHT

SEVERITY_NAMES = {"error": "错误", "warning": "警告", "info": "提示"}
SEVERITY_SIGNS = {"error": "■", "warning": "▲", "info": "●"}

_current = LIGHT
_scale = 1.0


def colours() -> Colours:
    return _current


def scale() -> float:
    return _scale


def px(value: float) -> int:
    """A length that grows with the reviewer's font size."""
    return round(value * _scale)


def row_height() -> int:
    return px(25)


_FAMILIES = ("Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC",
             "WenQuanYi Micro Hei", "Droid Sans Fallback")
_MONO = ("Consolas", "Cascadia Mono", "Menlo", "DejaVu Sans Mono", "Liberation Mono")


@lru_cache(maxsize=1)
def family() -> str:
    """The first Chinese interface font that this machine has; one shipped in resources/fonts counts too."""
    folder = resource("fonts")
    if folder.is_dir():
        for path in sorted(folder.glob("*.[to]t[fc]")):
            QFontDatabase.addApplicationFont(str(path))
    known = set(QFontDatabase.families())
    return next((f for f in _FAMILIES if f in known), QGuiApplication.font().family())


@lru_cache(maxsize=1)
def mono_family() -> str:
    known = set(QFontDatabase.families())
    return next((f for f in _MONO if f in known), family())


def font(pixels: float = BASE_PIXELS, *, bold: bool = False, mono: bool = False) -> QFont:
    """The window's font at a size given for scale 1, with figures of equal width."""
    made = QFont()
    made.setFamilies([mono_family(), family()] if mono else [family()])
    made.setPixelSize(max(8, px(pixels)))
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    if hasattr(made, "setFeature"):
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def apply(app: QApplication, mode: str = "system", size: float = 1.0) -> None:
    """Puts a theme (system, light, dark) and a font size on the whole application."""
    global _current, _scale
    dark = system_is_dark() if mode == "system" else mode == "dark"
    _current, _scale = (DARK if dark else LIGHT), size
    icon.cache_clear()
    app.setStyle("Fusion")
    app.setPalette(_palette(_current))
    app.setFont(font())
    app.setStyleSheet(style_sheet(_current))


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: c.ground, QPalette.ColorRole.WindowText: c.ink, QPalette.ColorRole.Base: c.surface,
        QPalette.ColorRole.AlternateBase: c.raised, QPalette.ColorRole.Text: c.ink, QPalette.ColorRole.Button: c.surface,
        QPalette.ColorRole.ButtonText: c.ink, QPalette.ColorRole.Highlight: c.selection, QPalette.ColorRole.HighlightedText: c.ink,
        QPalette.ColorRole.ToolTipBase: c.raised, QPalette.ColorRole.ToolTipText: c.ink, QPalette.ColorRole.PlaceholderText: c.faint,
        QPalette.ColorRole.Link: c.accent, QPalette.ColorRole.LinkVisited: c.accent, QPalette.ColorRole.Mid: c.line,
        QPalette.ColorRole.Light: c.surface, QPalette.ColorRole.Midlight: c.line_soft, QPalette.ColorRole.Dark: c.line,
        QPalette.ColorRole.Shadow: c.line, QPalette.ColorRole.BrightText: c.error,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.faint))
    return palette


def style_sheet(c: Colours) -> str:
    """The style sheet. Widgets ask for a manner with the dynamic property `kind` or an object name."""
    small, big = px(12), px(15)
    return f"""
QWidget {{ color: {c.ink}; font-size: {px(BASE_PIXELS)}px; }}
QMainWindow, QDialog {{ background: {c.ground}; }}
QToolTip {{ color: {c.ink}; background: {c.raised}; border: 1px solid {c.line}; padding: {px(4)}px {px(6)}px; }}
QLabel {{ background: transparent; }}
QLabel[kind="empty"] {{ background: {c.surface}; color: {c.faint}; }}
QLabel[kind="secondary"] {{ color: {c.secondary}; }}
QLabel[kind="faint"] {{ color: {c.faint}; }}
QLabel[kind="heading"] {{ color: {c.strong}; font-weight: 600; }}
QLabel[kind="title"] {{ color: {c.ink}; font-weight: 600; font-size: {big}px; }}
QLabel[kind="brand"] {{ color: {c.strong}; font-weight: 700; font-size: {px(16)}px; }}
QFrame[kind="surface"], QWidget[kind="surface"] {{ background: {c.surface}; }}
QFrame[kind="card"] {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: 6px; }}
QFrame[kind="bar"] {{ background: {c.surface}; border: 0; border-bottom: 1px solid {c.line}; }}
QFrame[kind="panelhead"] {{ background: {c.raised}; border: 0; border-bottom: 1px solid {c.line}; }}
QFrame[kind="vline"] {{ background: {c.line}; border: 0; }}
QFrame[kind="formula"] {{ background: {c.header}; border: 0; border-radius: 5px; }}

QPushButton {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: 6px; padding: {px(4)}px {px(12)}px; min-height: {px(18)}px; }}
QPushButton:hover {{ background: {c.hover}; border-color: {c.related}; }}
QPushButton:pressed {{ background: {c.selection}; }}
QPushButton:checked {{ background: {c.selection}; border-color: {c.accent}; }}
QPushButton:focus {{ border: 1px solid {c.accent}; outline: none; }}
QPushButton:disabled {{ color: {c.faint}; background: {c.raised}; border-color: {c.line_soft}; }}
QPushButton[kind="primary"] {{ background: {c.accent}; border-color: {c.accent}; color: {c.accent_ink}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {c.related}; }}
QPushButton[kind="primary"]:disabled {{ background: {c.line}; border-color: {c.line}; color: {c.faint}; }}
QPushButton[kind="danger"] {{ background: {"#b3261e"}; border-color: #b3261e; color: white; font-weight: 600; }}
QPushButton[kind="danger"]:disabled {{ background: {c.line}; border-color: {c.line}; color: {c.faint}; }}
QPushButton[kind="link"], QToolButton[kind="link"] {{ background: transparent; border: 0; color: {c.accent}; padding: 0 {px(2)}px; text-align: left; }}
QPushButton[kind="link"]:hover, QToolButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="link"]:focus, QToolButton[kind="link"]:focus {{ border: 1px dotted {c.accent}; border-radius: 3px; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 5px; padding: {px(3)}px {px(6)}px; }}
QToolButton:hover {{ background: {c.hover}; }}
QToolButton:checked {{ background: {c.selection}; }}
QToolButton:focus {{ border: 1px solid {c.accent}; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: 6px; padding: {px(3)}px {px(8)}px;
  selection-background-color: {c.accent}; selection-color: {c.accent_ink}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus {{ border-color: {c.accent}; }}
QComboBox::drop-down {{ border: 0; width: {px(18)}px; }}
QComboBox::down-arrow {{ image: url("{resource("icons", "chevron_grey.svg").as_posix()}"); width: {px(11)}px; height: {px(11)}px; }}
QComboBox QAbstractItemView {{ background: {c.surface}; border: 1px solid {c.line}; selection-background-color: {c.selection}; selection-color: {c.ink}; }}

QAbstractItemView {{ background: {c.surface}; border: 0; outline: none; alternate-background-color: {c.raised};
  selection-background-color: {c.selection}; selection-color: {c.ink}; gridline-color: {c.line_soft}; }}
QDialog QTreeView::item, QDialog QListView::item {{ padding: {px(2)}px 0; }}
QHeaderView {{ background: {c.surface}; border: 0; }}
QHeaderView::section {{ background: {c.surface}; color: {c.secondary}; border: 0; border-bottom: 1px solid {c.line}; padding: 0 {px(6)}px; font-size: {small}px; }}
QTableCornerButton::section {{ background: {c.header}; border: 0; border-bottom: 1px solid {c.line}; border-right: 1px solid {c.line}; }}

QScrollBar:vertical {{ background: transparent; width: {px(11)}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {px(11)}px; margin: 0; }}
QScrollBar::handle {{ background: {"#c3ccd6" if not c.dark else "#4a5663"}; border-radius: {px(4)}px; margin: 2px; min-height: {px(28)}px; min-width: {px(28)}px; }}
QScrollBar::handle:hover {{ background: {c.faint}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; }}

QSplitter::handle {{ background: {c.line}; }}
QSplitter::handle:hover {{ background: {c.accent}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 2px; }}

QMenuBar {{ background: {c.surface}; border-bottom: 1px solid {c.line_soft}; padding: 1px {px(4)}px; }}
QMenuBar::item {{ padding: {px(3)}px {px(9)}px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {c.selection}; }}
QMenu {{ background: {c.surface}; border: 1px solid {c.line}; padding: {px(4)}px; }}
QMenu::item {{ padding: {px(5)}px {px(24)}px {px(5)}px {px(24)}px; border-radius: 4px; }}
QMenu::item:selected {{ background: {c.selection}; }}
QMenu::item:disabled {{ color: {c.faint}; }}
QMenu::separator {{ height: 1px; background: {c.line_soft}; margin: {px(4)}px {px(8)}px; }}
QMenu::icon {{ padding-left: {px(6)}px; }}

QStatusBar {{ background: {c.bar}; border-top: 1px solid {c.line}; color: {c.secondary}; font-size: {small}px; }}
QStatusBar QLabel {{ color: {c.secondary}; font-size: {small}px; padding: 0 {px(6)}px; }}
QStatusBar::item {{ border: 0; }}

QProgressBar {{ background: {c.line_soft}; border: 0; border-radius: 3px; height: {px(6)}px; text-align: center; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}

QTabBar {{ background: transparent; border: 0; }}
QTabBar::tab {{ background: {c.ground}; color: {c.secondary}; border: 1px solid {c.line}; border-radius: 6px; padding: {px(4)}px {px(10)}px; margin: 0 {px(3)}px; }}
QTabBar::tab:hover {{ background: {c.hover}; }}
QTabBar::tab:selected {{ background: {c.surface}; color: {c.strong}; border: 1px solid {c.accent}; font-weight: 600; }}
QTabBar::scroller {{ width: {px(44)}px; }}
#ScrollLeftButton, #ScrollRightButton {{ background: {c.surface}; border: 1px solid {c.line}; border-radius: 4px; padding: 0; }}
#ScrollLeftButton::left-arrow {{ image: url("{resource("icons", "left_grey.svg").as_posix()}"); width: {px(11)}px; height: {px(11)}px; }}
#ScrollRightButton::right-arrow {{ image: url("{resource("icons", "right_grey.svg").as_posix()}"); width: {px(11)}px; height: {px(11)}px; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {c.line}; background: {c.surface}; }}
QGroupBox {{ border: 1px solid {c.line}; border-radius: 6px; margin-top: {px(10)}px; padding-top: {px(6)}px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: {px(10)}px; padding: 0 {px(4)}px; color: {c.strong}; }}
QCheckBox, QRadioButton {{ spacing: {px(6)}px; background: transparent; }}
QRadioButton::indicator, QCheckBox::indicator, QTreeView::indicator, QListView::indicator {{ width: {px(13)}px; height: {px(13)}px;
  border: 1px solid {c.faint}; background: {c.surface}; border-radius: 3px; }}
QRadioButton::indicator {{ border-radius: {px(13) // 2 + 1}px; }}
QRadioButton::indicator:hover, QCheckBox::indicator:hover {{ border-color: {c.accent}; }}
QRadioButton::indicator:checked {{ border: {px(4)}px solid {c.accent}; width: {px(13) - 2 * px(4) + 2}px; height: {px(13) - 2 * px(4) + 2}px; background: {c.accent_ink}; }}
QCheckBox::indicator:checked, QTreeView::indicator:checked, QListView::indicator:checked {{ background: {c.accent}; border-color: {c.accent};
  image: url("{resource("icons", "check_white.svg").as_posix()}"); }}
QTreeView::indicator:indeterminate {{ background: {c.selection}; border-color: {c.accent}; }}
QRadioButton::indicator:disabled, QCheckBox::indicator:disabled {{ border-color: {c.line}; background: {c.raised}; }}
QRadioButton:focus, QCheckBox:focus {{ color: {c.accent if not c.dark else c.related}; }}
"""


@lru_cache(maxsize=256)
def icon(name: str, colour: str = "") -> QIcon:
    """A drawn icon from resources/icons in a colour of the theme (ink when none is named)."""
    path = resource("icons", f"{name}.svg")
    if not path.exists():
        return QIcon()
    text = path.read_text(encoding="utf-8").replace("currentColor", colour or _current.ink)
    renderer = QSvgRenderer(QByteArray(text.encode()))
    made = QIcon()
    for size in (16, 20, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        made.addPixmap(pixmap)
    return made
