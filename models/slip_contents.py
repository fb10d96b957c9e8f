"""What may stand in a template of a slip: fields by name, and choices between them.

A template comes from a department and is filled in at every desk, so nothing in it may
run: no expressions, calls or loops, no macros, no objects, nothing fetched from
elsewhere.  A choice never crosses a paragraph, a cell or a table, so that whatever is
left out the file is still one that Word opens.
"""

import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from xml.etree.ElementTree import Element, ParseError, fromstring
from zipfile import BadZipFile, ZipFile

from models.errors import UserError
from models.slip_fields import fields_of

MOST_BYTES = 1024 * 1024
# Unpacked: a letter with a logo has a tenth of it, a zip bomb more.
MOST_UNPACKED = 20 * 1024 * 1024
MOST_PARTS = 500

HOW = "模板里只能写 {{ 字段 }} 和 {% if 字段 %}…{% else %}…{% endif %}"
_CHOOSE = "请选择 Word 的 .docx 文件。"
_SAVE_AGAIN = "请用 Word 打开，另存为 .docx 后再选。"

_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DOCUMENT_TYPE = (
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)
# RuntimeError: a part with a password, or an unknown compression; ValueError: a part
# that begins before the file.
_BREAKING = (BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
# Folders and files of an OOXML package that hold what runs or is opened by others.
_ACTIVE = re.compile(r"vba|macro|activex|/embeddings/|\.bin$|\.exe$|\.ole$", re.I)
# Fields of Word that fetch or start something ([MS-OE376], ECMA-376 17.16.5).
_FETCHING = re.compile(
    r"^\s*(DDE|DDEAUTO|INCLUDE\w*|IMPORT|LINK|DATABASE|MACROBUTTON)\b", re.I
)
_FILLED_IN = re.compile(r"word/(document|header\d*|footer\d*)\.xml$")

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT, _PARAGRAPH = f"{_W}t", f"{_W}p"
_ROW, _TABLE = f"{_W}tr", f"{_W}tbl"
_INSTRUCTIONS = (f"{_W}instrText", f"{_W}fldSimple")

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_MARK = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_FULL_WIDTH = re.compile(r"｛\s*[｛%％]|[｝%％]\s*｝")
_NAME = r"[^\W\d]\w*"
_FIELD = re.compile(rf"\{{\{{\s*({_NAME})\s*\}}\}}")
_BLOCK = re.compile(rf"\{{%(p|tr)?\s+(?:if\s+(?:not\s+)?({_NAME})|(else|endif))\s*%\}}")


def check_contents(content: bytes, kind: str) -> None:
    """Raise `UserError`, saying what to change, unless *content* is a good template
    for a kind of slip."""
    parts = _parts_of(content)
    _refuse_active(parts)
    named: list[str] = []
    for name, part in parts.items():
        if name.startswith("word/") and name.endswith(".xml"):
            found = _fields_in(_tree(part))
            if found and not _FILLED_IN.match(name):
                raise UserError("字段只能写在正文、页眉和页脚里，请移到正文后再选。")
            named += found
    refuse_unknown(named, fields_of(kind))
    if "编号" not in named:
        raise UserError(
            "模板里没有 {{ 编号 }}，打印出来查不到是哪一件。"
            "请核对是否选错了文件，或补上这个字段。"
        )


def refuse_unknown(named: Iterable[str], fields: Mapping[str, str]) -> None:
    """Raise `UserError` naming those that are not among the *fields*, each with the
    nearest ones."""
    unknown = [name for name in dict.fromkeys(named) if name not in fields]
    if not unknown:
        return
    said = "；".join(
        f"“{_short(name)}”{_nearest(name, fields)}" for name in unknown[:5]
    )
    more = f"；等共 {len(unknown)} 个" if len(unknown) > 5 else ""
    raise UserError(f"模板里有不认识的字段：{said}{more}。请改正后再选。")


def _nearest(name: str, fields: Mapping[str, str]) -> str:
    by_meaning = [field for field, meaning in fields.items() if name in meaning]
    by_name = get_close_matches(name, fields, n=3, cutoff=0.4)
    near = list(dict.fromkeys([*by_name, *by_meaning]))[:3]
    return f"（相近的有：{'、'.join(near or fields)}）"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _parts_of(content: bytes) -> dict[str, bytes]:
    """The files inside the .docx; what they claim to be is checked before unpacking."""
    if not content:
        raise UserError(f"这个文件是空的，{_CHOOSE}")
    if len(content) > MOST_BYTES:
        raise UserError("模板不能超过 1 MB，请压缩或去掉里面的图片后再选。")
    if content.startswith(_COMPOUND):
        raise UserError(f"这是旧的 .doc 文件，或者加了打开密码，{_SAVE_AGAIN}")
    if not content.startswith(b"PK"):
        raise UserError(f"这不是 Word 文件，{_CHOOSE}")
    try:
        with ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if len(entries) > MOST_PARTS or len(set(package.namelist())) < len(entries):
                raise UserError(f"这不是 Word 存出来的文件，{_SAVE_AGAIN}")
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise UserError(f"模板解开以后太大，{_SAVE_AGAIN}")
            return {entry.filename: package.read(entry) for entry in entries}
    except _BREAKING as error:
        raise UserError(f"文件已损坏，打不开。{_SAVE_AGAIN}") from error


def _refuse_active(parts: dict[str, bytes]) -> None:
    types = parts.get("[Content_Types].xml", b"")
    if "word/document.xml" not in parts:
        raise UserError(f"这不是 Word 文件，{_CHOOSE}")
    if b"macroEnabled" in types or any(_ACTIVE.search(name) for name in parts):
        raise UserError("模板里有宏或嵌入的对象，请去掉后另存为 .docx 再选。")
    if _DOCUMENT_TYPE not in types:
        raise UserError(f"这不是普通的 Word 文档，{_SAVE_AGAIN}")
    for name, part in parts.items():
        if name.endswith(".rels"):
            _refuse_elsewhere(_tree(part))


def _refuse_elsewhere(relations: Element) -> None:
    """Links may point outside, and where Word keeps its own template (never used)."""
    for relation in relations:
        kind = relation.get("Type", "").rpartition("/")[2]
        outside = relation.get("TargetMode") == "External"
        if kind == "aFChunk" or (
            outside and kind not in ("hyperlink", "attachedTemplate")
        ):
            raise UserError(
                "模板引用了别处的文件（链接的图片、对象或数据源），"
                "请改为直接插入图片，或去掉后再选。"
            )


def _tree(part: bytes) -> Element:
    # Entities are not allowed in OOXML; they could be made to expand without end.
    if b"<!DOCTYPE" in part or b"\0" in part:
        raise UserError(f"这不是 Word 存出来的文件，{_SAVE_AGAIN}")
    try:
        return fromstring(part)
    except (ParseError, LookupError) as error:  # the latter: of an unknown encoding
        raise UserError(f"文件已损坏，读不出内容。{_SAVE_AGAIN}") from error


def _fields_in(root: Element) -> list[str]:
    """The fields that a part names, once all that is written in braces was checked."""
    for element in root.iter():
        _refuse_misplaced(element)
    texts = [_text_of(paragraph, _PARAGRAPH) for paragraph in root.iter(_PARAGRAPH)]
    named = [name for text in texts for name in _fields_of(text)]
    rows = 0
    for parent in root.iter():
        _check_reach(parent, _PARAGRAPH, _PARAGRAPH, "p", "段落")
        rows += _check_reach(parent, _ROW, _TABLE, "tr", "表格行")
    stray = [block[0] for text in texts for block in _blocks_in(text, "tr")]
    if len(stray) > rows:
        raise _must_be_alone(stray[0], "表格行")
    return named


def _refuse_misplaced(element: Element) -> None:
    texts = [*element.attrib.values(), element.tail or ""]
    if element.tag != _TEXT:
        texts.append(element.text or "")
    if element.tag in _INSTRUCTIONS and any(map(_FETCHING.match, texts)):
        raise UserError("模板里有引用别处内容的 Word 域，请去掉后再选。")
    if any(map(_MARK.search, texts)):
        raise UserError("字段要写在普通文字里，不能写在图片说明、域或公式里。")


def _text_of(element: Element, without: str) -> str:
    """The text inside, but for that of *without*: text boxes, tables inside a row."""
    texts, waiting = [], list(element)[::-1]
    while waiting:
        child = waiting.pop()
        if child.tag == _TEXT:
            texts.append(child.text or "")
        elif child.tag != without:
            waiting += list(child)[::-1]
    return "".join(texts)


def _fields_of(text: str) -> Iterator[str]:
    """The fields of a paragraph; choices within it are complete."""
    if _FULL_WIDTH.search(text):
        raise UserError("花括号和百分号要用英文半角，如 {{ 来访人 }}，请改正后再选。")
    # A brace at an end would make a tag with the paragraph beside it.
    if _MARK.search(_TAG.sub("", text)) or text.startswith("}") or text.endswith("{"):
        raise UserError(f"“{_short(text)}”的花括号没有成对，请改正后再选。{HOW}。")
    for tag in _TAG.findall(text):
        field, block = _FIELD.fullmatch(tag), _BLOCK.fullmatch(tag)
        if field is None and block is None:
            raise UserError(f"“{_short(tag)}”不能用：{HOW}。请改正后再选。")
        name = field[1] if field else block[2] if block else ""
        if name:
            yield name
    _refuse_unmatched(_blocks_in(text, None), "同一段落")


def _blocks_in(text: str, reach: str | None) -> list[re.Match[str]]:
    return [block for block in _BLOCK.finditer(text) if block[1] == reach]


def _check_reach(
    parent: Element, kind: str, without: str, reach: str, what: str
) -> int:
    """Choices over whole paragraphs or rows: alone there, and complete side by side.

    Returns how many of their tags stand in the children of *parent*.
    """
    blocks = []
    for child in parent:
        if child.tag == kind:
            text = _text_of(child, without).strip()
            for block in _blocks_in(text, reach):
                if block[0] != text:
                    raise _must_be_alone(block[0], what)
                blocks.append(block)
    _refuse_unmatched(blocks, f"同一处的{what}")
    return len(blocks)


def _must_be_alone(tag: str, what: str) -> UserError:
    return UserError(f"“{_short(tag)}”要单独占一个{what}，请改正后再选。")


def _refuse_unmatched(blocks: Iterable[re.Match[str]], where: str) -> None:
    """Each if has its endif, with one else at most between them."""
    waiting: list[str] = []
    for block in blocks:
        word = block[3] or "if"
        if word == "if":
            waiting.append(word)
        elif not waiting or (word == "else" and waiting[-1] == "else"):
            raise _unmatched(block[0], where)
        elif word == "else":
            waiting[-1] = word
        else:
            waiting.pop()
    if waiting:
        raise _unmatched("{% if %}", where)


def _unmatched(tag: str, where: str) -> UserError:
    return UserError(
        f"“{_short(tag)}”没有配对：if 和 endif 要写在{where}里。请改正后再选。"
    )
