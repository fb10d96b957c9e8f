"""Filling a template in, with docxtpl and a sandboxed jinja2.

Importing this takes 70 ms, so others do it inside their functions.  A template's text
is checked twice: as it stands in the file by `models.slip_contents`, and here as the
code that jinja2 makes of it, whatever way it got there.
"""

import io
import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.parts.settings import SettingsPart
from docxtpl import DocxTemplate
from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from models.clock import CHINA, now
from models.errors import UserError
from models.slip_contents import HOW, refuse_unknown

# Texts, fields, and choices between them; no other node may stand in a template.
_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.Not,
)

# What Word, Excel and web pages break lines with, and what XML 1.0 cannot hold at all.
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_ILLEGAL = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_LINE, _TAB = "\n", "\t"
_FILLED_IN = re.compile(r"/word/(document|header\d*|footer\d*)\.xml$")


class _Environment(SandboxedEnvironment):
    """Knows the fields and nothing else."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(autoescape=True)
        self._fields = fields
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        waiting: list[nodes.Node] = [source]
        while waiting:
            node = waiting.pop()
            if not isinstance(node, _NODES):
                raise UserError(f"模板里有不能用的写法：{HOW}。请改正后再选。")
            if isinstance(node, nodes.Name):
                refuse_unknown([node.name], self._fields)
            waiting += node.iter_child_nodes()
        return super()._generate(source, *args, **kwargs)


class _Template(DocxTemplate):
    def fix_tables(self, xml: str) -> Any:
        """Strict, where docxtpl drops what it cannot read; columns stay as drawn."""
        return parse_xml(xml)

    def fix_docpr_ids(self, tree: Any) -> None:
        """Nothing in a template is repeated, so its pictures keep their numbers."""

    def render_properties(self, *args: Any, **kwargs: Any) -> None:
        """Left to `fill`: those of the template say who drew it."""


def fill(
    template: bytes, values: Mapping[str, str], *, title: str = "", author: str = ""
) -> bytes:
    """The document with its fields filled in; no others than *values* may be named.

    Raises whatever docxtpl, jinja2 and lxml raise for a file that is not as Word
    writes it.
    """
    filled = _Template(io.BytesIO(template))
    marked = {name: _marked(text) for name, text in values.items()}
    filled.render(marked, _Environment(dict.fromkeys(values, "")), autoescape=True)
    document: Any = filled.docx
    for part in document.part.package.iter_parts():
        if isinstance(part, XmlPart) and _FILLED_IN.match(part.partname):
            _complete(part.element)
        if isinstance(part, SettingsPart):
            _leave_word_template(part)
    _set_properties(document.core_properties, title, author)
    whole = io.BytesIO()
    filled.save(whole)
    return whole.getvalue()


def _marked(text: str) -> Markup:
    """Text as XML; a brace in it would be taken for one of the template's."""
    clean = _ILLEGAL.sub("", _BREAKS.sub("\n", text))
    # As plain text: markup would escape what it is to put in.
    marked = str(escape(clean)).replace("{", "&#123;").replace("}", "&#125;")
    return Markup(marked)


def _complete(root: Any) -> None:
    """What choices took away or docxtpl left as it was."""
    for table in list(root.iter(qn("w:tbl"))):
        if table.find(qn("w:tr")) is None:
            table.getparent().remove(table)
    for cell in root.iter(qn("w:tc")):
        if not len(cell) or cell[-1].tag != qn("w:p"):
            cell.append(OxmlElement("w:p"))
    # docxtpl does not get at the lines of a text that stands in a text box.
    for text in list(root.iter(qn("w:t"))):
        if _LINE in (text.text or "") or _TAB in (text.text or ""):
            _break(text)


def _break(text: Any) -> None:
    """Line breaks and tabs inside a `w:t` as elements beside it."""
    for piece in re.split("([\n\t])", text.text):
        if piece in (_LINE, _TAB):
            made = OxmlElement("w:br" if piece == _LINE else "w:tab")
        else:
            made = OxmlElement("w:t")
            made.text = piece
            made.set(qn("xml:space"), "preserve")
        text.addprevious(made)
    text.getparent().remove(text)


def _leave_word_template(settings: SettingsPart) -> None:
    """Word would look for the .dotx of whoever drew the file, on their PC."""
    root = settings.element
    for element in root.findall(qn("w:attachedTemplate")):
        root.remove(element)
    for key, relation in list(settings.rels.items()):
        if relation.reltype.endswith("/attachedTemplate"):
            del settings.rels[key]


def _set_properties(properties: Any, title: str, author: str) -> None:
    properties.title = title[:255]
    properties.author = properties.last_modified_by = author[:255]
    properties.subject = properties.keywords = properties.comments = ""
    # Word takes the times in a file for UTC.
    printed = now().replace(tzinfo=CHINA).astimezone(UTC)
    properties.created = properties.modified = printed
    properties.language = "zh-CN"
