"""The source pages with outlines on them: every place of the chosen finding at once, the active one stronger.

Pages are counted as they follow each other on the screen, also those of several files. Places call a page by its id, which is its number
in a PDF and names the file too where there are several; pages made from an office file have none, and nothing is outlined on them.
"""
from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from math import ceil
from pathlib import PurePath

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from core.convert import BOOKS
from core.images import Leaf
from core.model import Box, PageId
from core.results import Evidence, Finding
from gui import theme
from gui.actions import keys_of
from gui.drawing import Cache, Key, Picture, Renderer, Shown
from gui.lookup import Hit
from gui.printed import page_of
from gui.state import OpenDocument, Selection, State
from gui.widgets import Elided, moves

PER_POINT = 96 / 72
GAP, MARGIN = 12, 14
WIDTH, PAGE = 0.0, -1.0
STEPS = (0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0)
WHOLE_PAGE_PIXELS = 5_000_000
TILE = 1024
PAGELESS = frozenset({".docx", ".docm", ".xlsx", ".xlsm", ".xls", ".et", ".txt"})
"""Such a file has pages only when they are made."""

Overlay = Callable[[QPainter, int, Callable[[Box], QRectF]], None]


def turned(box: Box, size: tuple[float, float], turn: int) -> Box:
    """A box of a page of this size after the page is turned clockwise."""
    left, top, right, bottom = box
    wide, high = size
    if turn == 90:
        return (high - bottom, left, high - top, right)
    if turn == 180:
        return (wide - right, high - bottom, wide - left, high - top)
    if turn == 270:
        return (top, wide - right, bottom, wide - left)
    return box


def unturned(x: float, y: float, size: tuple[float, float], turn: int) -> tuple[float, float]:
    """The point of the unturned page (of this size) that is seen at (x, y) of the turned one."""
    wide, high = size
    if turn == 90:
        return (y, high - x)
    if turn == 180:
        return (wide - x, high - y)
    if turn == 270:
        return (wide - y, x)
    return (x, y)


class PageCanvas(QAbstractScrollArea):
    """All pages one below the other. Boxes are page points, as everywhere; only here do they become pixels."""

    page_changed = Signal(int)
    zoom_changed = Signal()
    pages_known = Signal()
    hovered = Signal(object)

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("原文页面")
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.overlays: list[Overlay] = []
        self.guest: Callable[[QEvent], bool] | None = None
        """What sees the mouse and keys before the canvas does (the correction of tables) and says whether it took them."""
        self.show_structure = False
        self._state = state
        self._doc: OpenDocument | None = None
        self._leaves: tuple[Leaf, ...] = ()
        self._numbers: dict[PageId, int] = {}
        self._sizes: list[tuple[float, float]] = []
        self._known: dict[Key, Shown | None] = {}
        self._missing = ""
        """The part without pages in which the chosen thing stands: then no page is shown, for any would be the wrong one."""
        self._untold = False
        self._tops: list[int] = []
        self._pixel_sizes: list[tuple[int, int]] = []
        self._content = (0, 0)
        self._zoom, self._turn = WIDTH, 0
        self._cache = Cache()
        self._renderer = Renderer()
        self._renderer.opened.connect(self._on_opened)
        self._renderer.drawn.connect(self._on_drawn)
        self._pending: set[Picture] = set()
        self._ask = QTimer(self, singleShot=True, interval=15)
        self._ask.timeout.connect(self._request)
        self._flash = QVariantAnimation(self, startValue=1.0, endValue=0.0, duration=700)
        self._flash.valueChanged.connect(lambda _: self.viewport().update())
        self._flash_at: tuple[PageId, Box] | None = None
        self._pan: QPoint | None = None
        self._page = 1
        self._wanted: tuple[PageId, Box | None] | None = None
        self._hover: tuple[str, int, int] | None = None
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(self._scrolled)
        for signal in (state.trace_changed, state.marks_changed, state.verdicts_changed, state.filter_changed, state.theme_changed):
            signal.connect(self.viewport().update)

    # ---- the document shown

    def set_document(self, doc: OpenDocument | None) -> None:
        """Shows another document, or the same one read anew, at the place where the reviewer was."""
        same = doc is self._doc
        self._doc = doc
        self._missing, self._untold = "", False
        self._take(())
        if doc is None:
            self._renderer.show(None)
            self._lay_out()
            self.pages_known.emit()
            return
        if not same:
            self._wanted = None
        self._turn, self._zoom = doc.view.turn, doc.view.zoom
        key = (doc.path, doc.stamp)
        known = self._known.get(key)
        if known is None or known.more:
            self._renderer.open(key)
        else:
            self._renderer.show(key)
        if key in self._known:
            self._on_opened(key, known)
        else:
            self.pages_known.emit()
        self._lay_out()

    def stop(self) -> None:
        self._renderer.stop()

    def _on_opened(self, key: Key, shown: Shown | None) -> None:
        doc = self._doc
        self._known[key] = shown
        if doc is None or (doc.path, doc.stamp) != key:
            return
        before = self._leaves[doc.view.page - 1] if 1 <= doc.view.page <= self.count else None
        missing, self._missing = self._missing, ""
        self._take(shown.leaves if shown else ())
        self._lay_out()
        view = doc.view
        self._go_to(self._leaves.index(before) + 1 if before in self._leaves else view.page, view.x, view.y)
        self.pages_known.emit()
        if self._wanted and not (shown and shown.more and not self.count):
            wanted, self._wanted = self._wanted, None
            self.reveal(*wanted)
        elif missing:  # its pages may have come
            self.reveal(doc.selection.page, doc.selection.box)

    def _take(self, leaves: tuple[Leaf, ...]) -> None:
        self._leaves = leaves
        self._sizes = [leaf.size for leaf in leaves]
        self._numbers = {leaf.id: number for number, leaf in enumerate(leaves, 1) if leaf.id is not None}

    @property
    def count(self) -> int:
        return len(self._sizes)

    @property
    def expects_pages(self) -> bool:
        """Whether there are pages to show, or may be: an office file has none before they are made."""
        doc = self._doc
        if doc is None:
            return False
        key = (doc.path, doc.stamp)
        if key not in self._known:
            return doc.path.suffix.lower() not in PAGELESS
        shown = self._known[key]
        return shown is None or bool(shown.leaves) or shown.more

    def number_of(self, page: PageId | None) -> int | None:
        """Which of the pages is meant; None when it is none of them. A number is that of the page as it is counted here."""
        if page in self._numbers:
            return self._numbers[page]
        return page if isinstance(page, int) and 1 <= page <= self.count else None

    def id_of(self, number: int) -> PageId | None:
        """What places call a page; None when no place on it is known."""
        return self._leaves[number - 1].id if 1 <= number <= self.count else None

    @property
    def part(self) -> str:
        """The file of several that the present page is of."""
        return self._leaves[self._page - 1].part if 1 <= self._page <= self.count else ""

    @property
    def note(self) -> str:
        """What must be known of the present page when it is not the file's own."""
        if not self.count or self._missing or self.id_of(self._page) is not None:
            return ""
        return "转换所得的页面，未能确定所选内容在哪一页" if self._untold else "转换所得的页面，不标位置"

    @property
    def page(self) -> int:
        return self._page

    # ---- geometry

    def _ratio(self) -> float:
        return self.viewport().devicePixelRatioF()

    def _shown_size(self, page: int) -> tuple[float, float]:
        wide, high = self._sizes[page - 1]
        return (high, wide) if self._turn % 180 else (wide, high)

    def _lay_out(self) -> None:
        """Places the pages for the present zoom; sizes are whole device pixels, so that outlines and print never part."""
        ratio = self._ratio()
        room_w = max(120, self.viewport().width() - 2 * MARGIN)
        room_h = max(120, self.viewport().height() - 2 * MARGIN)
        self._tops, self._pixel_sizes = [], []
        top, widest = MARGIN, 0.0
        for page in range(1, self.count + 1):
            wide, high = self._shown_size(page)
            factor = self._zoom * PER_POINT
            if self._zoom == WIDTH:
                factor = room_w / wide
            elif self._zoom == PAGE:
                factor = min(room_w / wide, room_h / high)
            factor = max(0.1, factor)
            pixels = (max(1, round(wide * factor * ratio)), max(1, round(high * factor * ratio)))
            self._tops.append(top)
            self._pixel_sizes.append(pixels)
            widest = max(widest, pixels[0] / ratio)
            top += ceil(pixels[1] / ratio) + GAP
        self._content = (ceil(widest) + (0 if self._zoom in (WIDTH, PAGE) else 2 * MARGIN), top - GAP + MARGIN if self._tops else 0)
        view = self.viewport().size()
        self.verticalScrollBar().setRange(0, max(0, self._content[1] - view.height()))
        self.verticalScrollBar().setPageStep(view.height())
        self.verticalScrollBar().setSingleStep(40)
        self.horizontalScrollBar().setRange(0, max(0, self._content[0] - view.width()))
        self.horizontalScrollBar().setPageStep(view.width())
        self.horizontalScrollBar().setSingleStep(40)
        self.viewport().update()
        self._ask.start()
        self.zoom_changed.emit()

    def _factor(self) -> float:
        """Logical pixels for a point on the present page; fitting to width, an upright page is larger than one that lies."""
        if not self._tops:
            return PER_POINT
        page = min(self._page, self.count)
        return self._pixel_sizes[page - 1][0] / self._ratio() / self._shown_size(page)[0]

    def page_rect(self, page: int) -> QRectF:
        """Where a page lies in the viewport."""
        ratio = self._ratio()
        wide, high = (n / ratio for n in self._pixel_sizes[page - 1])
        room = max(self.viewport().width(), self._content[0])
        left = (room - wide) / 2 - self.horizontalScrollBar().value()
        top = self._tops[page - 1] - self.verticalScrollBar().value()
        return QRectF(round(left * ratio) / ratio, round(top * ratio) / ratio, wide, high)

    def to_view(self, page: PageId, box: Box) -> QRectF:
        """Where a box of a page is seen in the viewport (an empty rectangle when there is no such page)."""
        number = self.number_of(page)
        if number is None:
            return QRectF()
        rect = self.page_rect(number)
        wide, high = self._shown_size(number)
        left, top, right, bottom = turned(box, self._sizes[number - 1], self._turn)
        sx, sy = rect.width() / wide, rect.height() / high
        return QRectF(rect.left() + left * sx, rect.top() + top * sy, (right - left) * sx, (bottom - top) * sy)

    def from_view(self, point: QPointF) -> tuple[int, float, float] | None:
        """The page and the point of it that is seen at a point of the viewport."""
        if not self._tops or self._missing:
            return None
        page = max(1, bisect_right(self._tops, point.y() + self.verticalScrollBar().value()))
        rect = self.page_rect(page)
        if not rect.contains(point):
            return None
        wide, high = self._shown_size(page)
        x, y = (point.x() - rect.left()) * wide / rect.width(), (point.y() - rect.top()) * high / rect.height()
        return (page, *unturned(x, y, self._sizes[page - 1], self._turn))

    def visible_pages(self) -> range:
        if not self._tops:
            return range(0)
        top = self.verticalScrollBar().value()
        first = max(1, bisect_right(self._tops, top))
        last = bisect_right(self._tops, top + self.viewport().height())
        return range(first, max(first, last) + 1)

    # ---- zoom, turning, going places

    @property
    def percent(self) -> int:
        return round(self._factor() / PER_POINT * 100)

    @property
    def zoom(self) -> float:
        return self._zoom

    def set_zoom(self, zoom: float, around: QPointF | None = None) -> None:
        """Zooms (a factor, WIDTH or PAGE) and keeps the point under the cursor, else the middle, where it is."""
        if not self._sizes:
            self._zoom = zoom
            return
        anchor = around or QPointF(self.viewport().width() / 2, self.viewport().height() / 2)
        held = self.from_view(anchor)
        if held is None:
            held = (self._page, 0.0, 0.0)
            anchor = self.page_rect(self._page).topLeft()
        self._zoom = zoom if zoom in (WIDTH, PAGE) else max(0.1, min(8.0, zoom))
        self._state.settings.setValue("zoom", self._zoom)
        self._lay_out()
        page, x, y = held
        spot = self.to_view(page, (x, y, x, y)).topLeft()
        self.verticalScrollBar().setValue(round(self.verticalScrollBar().value() + spot.y() - anchor.y()))
        self.horizontalScrollBar().setValue(round(self.horizontalScrollBar().value() + spot.x() - anchor.x()))
        self._remember()

    def zoom_by(self, steps: int, around: QPointF | None = None) -> None:
        now = self._factor() / PER_POINT
        bigger = [s for s in STEPS if s > now * 1.01]
        smaller = [s for s in STEPS if s < now * 0.99]
        if steps > 0 and bigger:
            self.set_zoom(bigger[0], around)
        elif steps < 0 and smaller:
            self.set_zoom(smaller[-1], around)

    def turn_page(self, by: int = 90) -> None:
        page = self._page
        self._turn = (self._turn + by) % 360
        self._lay_out()
        self.go_to_page(page)

    def go_to_page(self, page: int) -> None:
        self._show_pages()
        if self.count:
            page = max(1, min(self.count, page))
            self.verticalScrollBar().setValue(self._tops[page - 1] - GAP)
            self._set_page(page)

    def _go_to(self, page: int, x: float, y: float) -> None:
        if not self.count:
            return
        page = max(1, min(self.count, page))
        spot = self.to_view(page, (x, y, x, y)).topLeft()
        self.verticalScrollBar().setValue(round(self.verticalScrollBar().value() + spot.y()) - (GAP if y == 0 else 0))
        self.horizontalScrollBar().setValue(round(self.horizontalScrollBar().value() + spot.x()) if x > 0 else 0)

    def reveal(self, page: PageId | None, box: Box | None, flash: bool = True) -> None:
        """Brings a place into view, both ways, without changing the zoom, and lets it flash."""
        if page is None:
            return
        if not self.count:
            self._wanted = (page, box)
            return
        number = self.number_of(page)
        if number is None:
            self._reveal_elsewhere(page)
            return
        self._show_pages()
        self._untold = False
        if box is None:
            if number != self._page:
                self.go_to_page(number)
            return
        self._center(self.to_view(number, box))
        if flash and moves(self):
            self._flash_at = (number, box)
            self._flash.stop()
            self._flash.start()
        self._set_page(number)

    def _reveal_elsewhere(self, page: PageId) -> None:
        """A place that lies on none of the pages: the page made of its file that prints the same words, or none."""
        doc = self._doc
        if doc is None or doc.lookup is None or isinstance(page, int):
            return
        part = doc.lookup.part_of(page)
        own = [n for n, leaf in enumerate(self._leaves, 1) if leaf.part == part and leaf.id is None]
        if not own:
            self._missing = part or doc.path.name
            self.viewport().update()
            return
        self._show_pages()
        sheets = (PurePath(part).suffix or doc.path.suffix).lower() in BOOKS
        found = page_of(doc.selection, doc.lookup, [self._leaves[n - 1] for n in own], sheets)
        self._untold = found is None
        self.viewport().update()
        if found is not None and own[found] != self._page:
            self.go_to_page(own[found])
        elif found is None and self.part != part:
            self.go_to_page(own[0])

    def _show_pages(self) -> None:
        if self._missing:
            self._missing = ""
            self.viewport().update()

    def _center(self, rect: QRectF) -> None:
        view = self.viewport().size()
        calm_x, calm_y = view.width() * 0.04, view.height() * 0.12
        if rect.top() < calm_y or rect.bottom() > view.height() - calm_y:
            wanted = rect.center().y() - view.height() * 0.45 if rect.height() < view.height() * 0.8 else rect.top() - calm_y
            self.verticalScrollBar().setValue(round(self.verticalScrollBar().value() + wanted))
        if rect.left() < calm_x or rect.right() > view.width() - calm_x:
            wanted = rect.center().x() - view.width() / 2 if rect.width() < view.width() * 0.9 else rect.left() - calm_x
            self.horizontalScrollBar().setValue(round(self.horizontalScrollBar().value() + wanted))

    def _scrolled(self) -> None:
        self._show_pages()
        self.viewport().update()
        self._ask.start()
        if self._tops:
            middle = self.verticalScrollBar().value() + self.viewport().height() * 0.4
            self._set_page(max(1, bisect_right(self._tops, middle)))
        self._remember()

    def _set_page(self, page: int) -> None:
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)
            self.zoom_changed.emit()

    def _remember(self) -> None:
        doc = self._doc
        if doc is None or not self._tops:
            return
        page = max(1, bisect_right(self._tops, self.verticalScrollBar().value() + GAP))
        rect = self.page_rect(page)
        scale = rect.width() / self._shown_size(page)[0]
        doc.view = replace(doc.view, page=page, x=max(0.0, -rect.left() / scale) if self._turn == 0 else 0.0,
                           y=max(0.0, -rect.top() / scale) if self._turn == 0 else 0.0, zoom=self._zoom, turn=self._turn)

    def set_structure(self, on: bool) -> None:
        """Shows what was taken for tables: their outline, columns and rows."""
        self.show_structure = on
        self.viewport().update()

    # ---- drawing

    def _pictures(self, page: int) -> list[Picture]:
        """The pictures of which the visible part of a page is made."""
        doc = self._doc
        assert doc is not None
        wide, high = self._pixel_sizes[page - 1]
        leaf = self._leaves[page - 1]
        base = Picture(doc.path, doc.stamp, leaf.part, leaf.number, wide, high, self._turn, (0, 0, wide, high))
        if wide * high <= WHOLE_PAGE_PIXELS:
            return [base]
        ratio, rect = self._ratio(), self.page_rect(page)
        seen = QRectF(self.viewport().rect()).intersected(rect).translated(-rect.topLeft())
        columns = range(int(seen.left() * ratio) // TILE, int(max(0.0, seen.right() * ratio - 1)) // TILE + 1)
        rows = range(int(seen.top() * ratio) // TILE, int(max(0.0, seen.bottom() * ratio - 1)) // TILE + 1)
        return [replace(base, clip=(c * TILE, r * TILE, min(wide, (c + 1) * TILE), min(high, (r + 1) * TILE)))
                for r in rows for c in columns if r * TILE < high and c * TILE < wide]

    def _request(self) -> None:
        """Asks for what is missing: first what is seen, then the neighbours."""
        if self._doc is None or not self._tops:
            return
        seen = [p for p in self.visible_pages() if p <= self.count]
        seen.sort(key=lambda p: abs(p - self._page))
        near = [p for p in (seen[-1] + 1, seen[0] - 1) if 1 <= p <= self.count] if seen else []
        wishes = [pic for page in seen for pic in self._pictures(page)]
        wishes += [pic for page in near for pic in self._pictures(page) if pic.clip == (0, 0, pic.width, pic.height)]
        self._renderer.wish([w for w in wishes if self._cache.get(w) is None])

    def _on_drawn(self, picture: Picture, image: QImage) -> None:
        self._cache.put(picture, QPixmap.fromImage(image))
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:  # ended even when drawing fails
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        painter.fillRect(self.viewport().rect(), QColor(theme.colours().canvas))
        if self._doc is None:
            return
        if not self._tops or self._missing:
            self._paint_empty(painter)
            return
        for page in self.visible_pages():
            rect = self.page_rect(page)
            if rect.bottom() < 0 or rect.top() > self.viewport().height():
                continue
            self._paint_page(painter, page, rect)
        self._paint_flash(painter)
        if self.note:
            seen = QRectF(self.viewport().rect())
            self._paint_tag(painter, QRectF(seen.left(), seen.bottom() - theme.px(36), seen.width(), theme.px(36)), self.note)

    def _paint_empty(self, painter: QPainter) -> None:
        doc = self._doc
        assert doc is not None
        key = (doc.path, doc.stamp)
        shown = self._known.get(key)
        text = "正在打开页面…"
        if self._missing and shown is not None and shown.more:
            text = f"{self._missing}\n正在生成页面，表格和文字已可在右侧查看"
        elif self._missing:
            text = f"{self._missing}\n这个文件没有页面，请在右侧查看表格和文字"
        elif shown is not None and shown.more:
            text = "正在生成页面…\n表格和文字已可在右侧查看"
        elif key in self._known and shown is None:
            text = "无法显示此文件的页面\n文件可能已加密或损坏"
        painter.setPen(QColor(theme.colours().secondary))
        painter.setFont(theme.font(14))
        painter.drawText(self.viewport().rect().adjusted(GAP, 0, -GAP, 0), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)

    def _paint_page(self, painter: QPainter, page: int, rect: QRectF) -> None:
        ratio = self._ratio()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(rect.adjusted(-1, -1, 1, 1), QColor(theme.colours().line))
        painter.fillRect(rect, QColor("#ffffff"))
        for picture in self._pictures(page):
            left, top, right, bottom = (n / ratio for n in picture.clip)
            target = QRectF(rect.left() + left, rect.top() + top, right - left, bottom - top)
            pixmap = self._cache.get(picture)
            if pixmap is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
                painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
            else:
                self._paint_stand_in(painter, picture, rect, target)
        painter.save()
        painter.setClipRect(rect.adjusted(-3, -3, 3, 3))
        known = self.id_of(page)
        if known is not None:
            self._paint_places(painter, known, rect)
        for overlay in self.overlays:
            overlay(painter, page, lambda box: self.to_view(page, box))
        painter.restore()

    def _paint_places(self, painter: QPainter, page: PageId, rect: QRectF) -> None:
        self._paint_recognised(painter, page, rect)
        if self.show_structure:
            self._paint_structure(painter, page)
        self._paint_marks(painter, page)
        self._paint_findings(painter, page)
        self._paint_trace(painter, page)
        self._paint_selection(painter, page)

    def _paint_stand_in(self, painter: QPainter, picture: Picture, rect: QRectF, target: QRectF) -> None:
        """The same page at another size, scaled, until the right picture is there."""
        painter.save()
        painter.setClipRect(target)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        for other, pixmap in self._cache.others(picture):
            left, top, right, bottom = other.clip
            sx, sy = rect.width() / other.width, rect.height() / other.height
            painter.drawPixmap(QRectF(rect.left() + left * sx, rect.top() + top * sy, (right - left) * sx, (bottom - top) * sy),
                               pixmap, QRectF(pixmap.rect()))
        painter.restore()

    def _outline(self, painter: QPainter, page: PageId, box: Box, colour: str, width: float, fill: int = 0, dashed: bool = False,
                 pad: float = 1.5) -> None:
        rect = self.to_view(page, box).adjusted(-pad, -pad, pad, pad)
        ink = QColor(colour)
        pen = QPen(ink, width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        if dashed:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        if fill:
            ink.setAlpha(fill)
            painter.setBrush(ink)
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)

    def _paint_recognised(self, painter: QPainter, page: PageId, rect: QRectF) -> None:
        """What was recognised from a picture: a dotted line under each figure, and a word in the corner of the page."""
        doc = self._doc
        if doc is None or doc.lookup is None:
            return
        known, number = doc.lookup.result.document, doc.lookup.number(page)
        unread = number in known.unread_pages
        if not unread and number not in known.ocr_pages:
            return
        painter.setPen(QPen(QColor(theme.PAGE.idle), 1, Qt.PenStyle.DotLine))
        for left, _, right, bottom in doc.lookup.recognised(page):
            seen = self.to_view(page, (left, bottom, right, bottom))
            painter.drawLine(seen.bottomLeft(), seen.bottomRight())
        self._paint_tag(painter, rect, "扫描页，尚未识别" if unread else "扫描页，文字为识别所得")

    def _paint_tag(self, painter: QPainter, rect: QRectF, word: str) -> None:
        font = theme.font(11.5)
        wide = QFontMetrics(font).horizontalAdvance(word) + theme.px(14)
        tag = QRectF(rect.right() - wide - theme.px(8), rect.top() + theme.px(8), wide, theme.px(20))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.PAGE.hint_soft))
        painter.drawRoundedRect(tag, 4, 4)
        painter.setPen(QColor(theme.PAGE.hint))
        painter.setFont(font)
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, word)

    def _paint_structure(self, painter: QPainter, page: PageId) -> None:
        doc = self._doc
        known = doc.lookup.pages.get(page) if doc and doc.lookup else None
        for box, xs, ys in known.grids if known is not None else ():
            self._outline(painter, page, box, "#7b3fb5", 2.0, pad=0)
            for x in xs:
                self._outline(painter, page, (x, box[1], x, box[3]), "#7b3fb5", 1.0, dashed=True, pad=0)
            for y in ys:
                self._outline(painter, page, (box[0], y, box[2], y), "#c06a1a", 1.0, dashed=True, pad=0)

    def _paint_marks(self, painter: QPainter, page: PageId) -> None:
        doc = self._doc
        for place in doc.marks if doc else ():
            if place.page == page and place.box:
                painter.fillRect(self.to_view(page, place.box).adjusted(-1, -1, 1, 1), QColor(255, 214, 10, 110))

    def _paint_findings(self, painter: QPainter, page: PageId) -> None:
        """Every listed finding's own place in a thin line, so that the page tells what else is on it."""
        doc = self._doc
        if doc is None or doc.lookup is None:
            return
        for finding in doc.lookup.findings_by_page.get(page, ()):
            if finding.fingerprint == doc.selection.finding or doc.verdict(finding).state == "dismissed" or not self._state.passes(finding):
                continue
            for evidence in finding.evidence[:1]:
                if evidence.page == page and evidence.box:
                    self._outline(painter, page, evidence.box, theme.PAGE.severity(finding.severity), 1.2, fill=14)

    def _paint_trace(self, painter: QPainter, page: PageId) -> None:
        doc = self._doc
        if doc is None or doc.trace is None:
            return
        for part in doc.trace.parts:
            if part.page == page and part.box:
                self._outline(painter, page, part.box, theme.PAGE.related, 1.2, fill=38, dashed=True)
        if doc.trace.total.page == page and doc.trace.total.box:
            self._outline(painter, page, doc.trace.total.box, theme.PAGE.related, 2.0, fill=0)

    def _paint_selection(self, painter: QPainter, page: PageId) -> None:
        doc = self._doc
        if doc is None:
            return
        finding = doc.finding()
        if finding is not None:
            for number, evidence in enumerate(finding.evidence):
                if evidence.page != page or not evidence.box:
                    continue
                self._paint_evidence(painter, page, finding, evidence, number == doc.selection.evidence)
        selection = doc.selection
        if selection.page == page and selection.box and finding is None:
            self._outline(painter, page, selection.box, theme.PAGE.accent, 2.0, fill=28)

    def _paint_evidence(self, painter: QPainter, page: PageId, finding: Finding, evidence: Evidence, active: bool) -> None:
        if evidence.role in ("actual", "place"):
            self._outline(painter, page, evidence.box, theme.PAGE.severity(finding.severity), 2.6 if active else 1.6,  # type: ignore[arg-type]
                          fill=46 if active else 24)
        else:
            self._outline(painter, page, evidence.box, theme.PAGE.related, 2.4 if active else 1.4,  # type: ignore[arg-type]
                          fill=40 if active else 20, dashed=True)

    def _paint_flash(self, painter: QPainter) -> None:
        if self._flash_at is None or self._flash.state() != QVariantAnimation.State.Running:
            return
        rest = float(self._flash.currentValue())
        page, box = self._flash_at
        grow = 3 + 14 * rest
        finding = self._doc.finding() if self._doc else None
        colour = QColor(theme.PAGE.severity(finding.severity) if finding else theme.PAGE.accent)
        colour.setAlphaF(0.75 * rest)
        painter.setPen(QPen(colour, 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.drawRoundedRect(self.to_view(page, box).adjusted(-grow, -grow, grow, grow), 5, 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    # ---- mouse and keys

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.guest is None or not self.guest(event):
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.guest is None or not self.guest(event):
            super().contextMenuEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.guest is not None and self.guest(event):
            return
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pan = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.setFocus()
            self.choose_at(event.position())

    def choose_at(self, point: QPointF) -> None:
        """Chooses what lies at a point of the viewport: a cell, a finding, else the place itself."""
        where = self.from_view(point)
        doc = self._doc
        if where is None or doc is None or doc.lookup is None:
            return
        _, x, y = where
        page = self.id_of(where[0])
        if page is None:
            return
        hit = doc.lookup.cell_at(page, x, y)
        if hit is not None:
            self._state.select_cell(hit.table.id, hit.cell.row, hit.cell.column, source="page")
            return
        found = doc.lookup.findings_at(page, x, y)
        if found:
            finding = found[0]
            number = next((i for i, e in enumerate(finding.evidence)
                           if e.page == page and e.box and e.box[0] - 2 <= x <= e.box[2] + 2 and e.box[1] - 2 <= y <= e.box[3] + 2), 0)
            self._state.select_finding(finding, number, "page")
        else:
            self._state.select_place(page, (x - 1, y - 1, x + 1, y + 1), "page")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.guest is not None and self.guest(event):
            return
        if self._pan is not None:
            delta = event.position().toPoint() - self._pan
            self._pan = event.position().toPoint()
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - delta.x())
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - delta.y())
            return
        self._hover_at(event.position())

    def _hover_at(self, point: QPointF) -> None:
        where = self.from_view(point)
        lookup = self._doc.lookup if self._doc else None
        hit: Hit | None = lookup.cell_at(self.id_of(where[0]), *where[1:]) if lookup and where else None
        spot = hit.spot if hit else None
        if spot == self._hover:
            return
        self._hover = spot
        self.hovered.emit(hit)
        total = spot is not None and lookup is not None and bool(lookup.sums_of(spot))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if total else Qt.CursorShape.ArrowCursor)
        if spot is not None and total:
            self._state.set_trace(self._state.trace_of(spot))
        else:
            self._state.rest_trace()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.guest is not None and self.guest(event):
            return
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pan = None
            self.viewport().unsetCursor()

    def leaveEvent(self, event: object) -> None:
        self._hover = None
        self._state.rest_trace()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if delta.y():
                self.zoom_by(1 if delta.y() > 0 else -1, event.position())
            event.accept()
            return
        sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        pixels = event.pixelDelta()
        down = pixels.y() if not pixels.isNull() else round(delta.y() / 120 * 90)
        across = pixels.x() if not pixels.isNull() else round(delta.x() / 120 * 90)
        if sideways:
            down, across = 0, down or across
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - down)
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - across)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.guest is not None and self.guest(event):
            return
        bar, side = self.verticalScrollBar(), self.horizontalScrollBar()
        page = self.viewport().height() - 40
        moves = {
            Qt.Key.Key_Down: (bar, 60), Qt.Key.Key_Up: (bar, -60), Qt.Key.Key_PageDown: (bar, page), Qt.Key.Key_PageUp: (bar, -page),
            Qt.Key.Key_Left: (side, -60), Qt.Key.Key_Right: (side, 60), Qt.Key.Key_Space: (bar, page),
        }
        key = Qt.Key(event.key())
        if key in moves and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            target, by = moves[key]
            target.setValue(target.value() + by)
        elif key == Qt.Key.Key_Home:
            self.go_to_page(1)
        elif key == Qt.Key.Key_End:
            self.go_to_page(self.count)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        doc = self._doc
        view = doc.view if doc else None
        self._lay_out()
        if view is not None and self._tops and self._zoom in (WIDTH, PAGE):
            self._go_to(view.page, view.x, view.y)

    def showEvent(self, event: QShowEvent) -> None:
        self._lay_out()


class PageView(QWidget):
    """The pages with their head: page box, zoom, turning, and whether the page follows what is chosen elsewhere."""

    def __init__(self, state: State, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.canvas = PageCanvas(state, self)
        self._box = QLineEdit(self)
        self._box.setAccessibleName("页码")
        self._box.setToolTip(f"转到页（{keys_of('goto_page')}）")
        self._box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._box.returnPressed.connect(self._go)
        self._total = QLabel(self)
        self._total.setProperty("kind", "secondary")
        self._percent = QLabel(self)
        self._percent.setProperty("kind", "secondary")
        self._percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        word = QLabel("第", self)
        word.setProperty("kind", "heading")
        word.setBuddy(self._box)
        self._minus = self._button("−", "zoom_out", "缩小")
        self._plus = self._button("+", "zoom_in", "放大")
        self._fit = self._button("适合宽度", "zoom_width", "适合宽度")
        self._turn = self._button("↻", "turn", "旋转页面")
        self._sync = self._button("⇄ 同步", "sync", "问题、表格、页面互相跟随")
        self._sync.setCheckable(True)
        self.head = QFrame(self)
        self.head.setProperty("kind", "panelhead")
        row = QHBoxLayout(self.head)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(4)
        row.addWidget(word)
        row.addWidget(self._box)
        row.addWidget(self._total)
        self._part = Elided(self)
        self._part.setProperty("kind", "secondary")
        row.addWidget(self._part, 1)
        for widget in (self._minus, self._percent, self._plus, self._fit, self._turn, self._sync):
            row.addWidget(widget)
        self._middle = QHBoxLayout()
        self._middle.setSpacing(0)
        self._middle.addWidget(self.canvas, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(self._middle, 1)
        self.setFocusProxy(self.canvas)
        self.canvas.page_changed.connect(self._show_page)
        self.canvas.zoom_changed.connect(self._show_zoom)
        self.canvas.pages_known.connect(lambda: self._show_page(self.canvas.page))
        state.current_changed.connect(self._reload)
        state.result_changed.connect(self._reload)
        state.selection_changed.connect(self._follow)
        state.theme_changed.connect(self._style)
        state.settings_changed.connect(self._style)
        self._style()
        self._reload()

    def _button(self, text: str, action: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setAccessibleName(name)
        key = keys_of(action)
        button.setToolTip(f"{name}（{key}）" if key else name)
        button.clicked.connect(lambda: self._state.action_requested.emit(action))
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_words()

    def _fit_words(self) -> None:
        """In a narrow head signs stand for words, whole, rather than words with dots."""
        roomy = self.width() >= theme.px(450)
        self._fit.setText("适合宽度" if roomy else "↔")
        self._sync.setText("⇄ 同步" if roomy else "⇄")

    def add_beside(self, widget: QWidget) -> None:
        """Puts a narrow widget (the problem map) beside the scroll bar."""
        self._middle.addWidget(widget)

    @property
    def follows(self) -> bool:
        return str(self._state.settings.value("sync", "true")) == "true"

    def _style(self) -> None:
        self.head.setFixedHeight(theme.px(34))
        self._box.setFixedWidth(theme.px(46))
        metrics = QFontMetrics(theme.font())
        self._percent.setFixedWidth(metrics.horizontalAdvance("000%") + 6)
        self._sync.setChecked(self.follows)
        self._fit_words()
        self.canvas.viewport().update()

    def _reload(self) -> None:
        self.canvas.set_document(self._state.current)
        self._show_page(self.canvas.page)
        self.setEnabled(self._state.current is not None)

    def _follow(self, selection: Selection) -> None:
        self.canvas.viewport().update()
        if self.follows and selection.source not in ("page", "reread") and selection.page is not None:
            self.canvas.reveal(selection.page, selection.box)
        self.canvas.setAccessibleDescription(self._describe(selection))

    def _describe(self, selection: Selection) -> str:
        """What a screen reader says of the page."""
        where = selection.page or self.canvas.page
        parts = [f"第 {where} 页" if isinstance(where, int) else where]
        doc = self._state.current
        finding = doc.finding() if doc else None
        if finding is not None and finding.evidence:
            evidence = finding.evidence[min(selection.evidence, len(finding.evidence) - 1)]
            parts.append("选中：" + "，".join(x for x in (evidence.table, evidence.row, evidence.column, evidence.text) if x))
        elif selection.table and selection.cell and doc and doc.lookup:
            cell = doc.lookup.cell(selection.table, *selection.cell)
            parts.append(f"选中：{selection.table}，{cell.text if cell else ''}")
        return "，".join([*parts, *([self.canvas.note] if self.canvas.note else [])])

    def show_selection(self) -> None:
        """Brings what is chosen into view even when the page does not follow."""
        selection = self._state.selection
        self.canvas.reveal(selection.page, selection.box)

    def focus_page_box(self) -> None:
        self._box.setFocus()
        self._box.selectAll()

    def _go(self) -> None:
        text = "".join(c for c in self._box.text() if c.isdigit())
        if text:
            self.canvas.go_to_page(int(text))
        self.canvas.setFocus()
        self._show_page(self.canvas.page)

    def _show_page(self, page: int) -> None:
        if not self._box.hasFocus():
            self._box.setText(str(page) if self.canvas.count else "")
        self._total.setText(f"/ {self.canvas.count} 页" if self.canvas.count else "页")
        self._part.set_full(self.canvas.part)

    def _show_zoom(self) -> None:
        self._percent.setText(f"{self.canvas.percent}%")
        self._show_page(self.canvas.page)
