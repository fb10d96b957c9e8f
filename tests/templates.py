"""Templates of slips for tests: small Word files, good and bad."""

import io
from collections.abc import Callable
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.oxml.ns import qn


def template(*lines: str) -> bytes:
    """A Word file with a paragraph for each line."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    return saved(document)


def saved(document) -> bytes:
    # python-docx's own blank file lacks what the schema asks for here.
    document.settings.element.find(qn("w:zoom")).set(qn("w:percent"), "100")
    whole = io.BytesIO()
    document.save(whole)
    return whole.getvalue()


def changed(
    content: bytes,
    name: str,
    change: Callable[[bytes], bytes] = lambda part: part,
    *,
    add: dict[str, bytes] | None = None,
) -> bytes:
    """The package with one part changed and others added."""
    whole = io.BytesIO()
    with (
        ZipFile(io.BytesIO(content)) as source,
        ZipFile(whole, "w", ZIP_DEFLATED) as target,
    ):
        for each in source.namelist():
            part = source.read(each)
            target.writestr(each, change(part) if each == name else part)
        for each, part in (add or {}).items():
            target.writestr(each, part)
    return whole.getvalue()
