"""A disclosure as pages for drawing: one PDF, the PDFs of a folder or .zip as one run, pages made of office files."""
from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from core.errors import Unreadable
from core.images import Book, Pages, parts_of
from core.reading import read_document
from core.search import search


def pdf(path: Path, *texts: str, size: tuple[float, float] = (300, 400)) -> Path:
    canvas = Canvas(str(path), pagesize=size)
    for text in texts:
        canvas.drawString(40, size[1] - 80, text)
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three parts in the order 1, 2, 10; the second has no pages."""
    where = tmp_path / "parts"
    where.mkdir()
    pdf(where / "10 tables.pdf", "third income 3333", "fourth income 4444", size=(500, 200))
    (where / "2 notes.txt").write_text("income 2222\n", "utf-8")
    pdf(where / "1 cover.pdf", "first income 1111")
    return where


def zipped(folder: Path) -> Path:
    path = folder.parent / "parts.zip"
    with zipfile.ZipFile(path, "w") as out:
        for file in folder.iterdir():
            out.write(file, file.name)
    return path


def pixels(book: Book, number: int) -> bytes:
    leaf = book.leaves[number - 1]
    return book.draw(leaf.part, leaf.number, 200, 200).data


def test_a_pdf_by_itself_has_its_own_numbers(tmp_path: Path) -> None:
    book = Book(pdf(tmp_path / "a.pdf", "one", "two"))
    assert [(leaf.part, leaf.number, leaf.id, leaf.size) for leaf in book.leaves] == [("", 1, 1, (300, 400)), ("", 2, 2, (300, 400))]
    assert book.bare == ()
    book.close()


def test_the_pdfs_of_a_folder_are_one_run_in_the_order_of_the_document(folder: Path) -> None:
    book = Book(folder)
    assert [leaf.id for leaf in book.leaves] == ["1 cover.pdf 第 1 页", "10 tables.pdf 第 1 页", "10 tables.pdf 第 2 页"]
    assert [leaf.size for leaf in book.leaves] == [(300, 400), (500, 200), (500, 200)]
    assert book.bare == ("2 notes.txt",)
    alone = Pages(folder / "10 tables.pdf")
    assert pixels(book, 3) == alone.draw(2, 200, 200).data != pixels(book, 2)
    book.close()
    alone.close()


def test_places_and_pages_are_called_alike(folder: Path) -> None:
    document = read_document(folder)
    book = Book(folder)
    assert [p.id for p in document.pages if p.id != "2 notes.txt"] == [leaf.id for leaf in book.leaves]
    assert [p.number for p in document.pages] == [1, 2, 3, 4]
    book.close()


def test_hits_in_a_folder_lie_on_its_pages_in_order(folder: Path) -> None:
    hits = search(read_document(folder), "income")
    assert [h.page for h in hits] == ["1 cover.pdf 第 1 页", "2 notes.txt 正文 第 1 行", "10 tables.pdf 第 1 页", "10 tables.pdf 第 2 页"]
    assert all(h.boxes for h in hits if ".pdf" in str(h.page))


def test_a_zip_is_like_its_folder_and_is_never_unpacked(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temp = tmp_path / "temp"
    temp.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temp))
    path = zipped(folder)
    before = sorted(tmp_path.rglob("*"))
    document, one, other = read_document(path), Book(path), Book(folder)
    assert one.leaves == other.leaves and one.bare == other.bare
    assert [pixels(one, n) for n in (1, 2, 3)] == [pixels(other, n) for n in (1, 2, 3)]
    assert [p.id for p in document.pages] == [p.id for p in read_document(folder).pages]
    assert sorted(tmp_path.rglob("*")) == before
    one.close()
    other.close()


def test_pages_made_of_a_part_come_where_the_part_is_and_have_words_but_no_places(folder: Path, tmp_path: Path) -> None:
    made = {"2 notes.txt": pdf(tmp_path / "made.pdf", "income 2222").read_bytes()}
    book = Book(folder, made)
    assert [leaf.part for leaf in book.leaves] == ["1 cover.pdf", "2 notes.txt", "10 tables.pdf", "10 tables.pdf"]
    assert (book.leaves[1].id, book.leaves[1].text) == (None, "income2222")
    assert book.bare == () and all(leaf.text == "" for leaf in book.leaves if leaf.id)
    book.close()


def test_an_office_file_alone_has_no_pages_before_they_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"words")
    book = Book(path)
    assert (book.leaves, book.bare) == ((), ("",))
    assert parts_of(path, book.bare) == {"": (".docx", b"words")}
    with_pages = Book(path, {"": pdf(tmp_path / "made.pdf", "x", "y").read_bytes()})
    assert [(leaf.number, leaf.id) for leaf in with_pages.leaves] == [(1, None), (2, None)]
    with_pages.close()


def test_only_the_parts_asked_for_are_read(folder: Path) -> None:
    assert parts_of(zipped(folder), ["2 notes.txt"]) == {"2 notes.txt": (".txt", b"income 2222\n")}


def test_a_damaged_part_is_told(folder: Path) -> None:
    (folder / "1 cover.pdf").write_bytes(b"%PDF rubbish")
    with pytest.raises(Unreadable):
        Book(folder)
