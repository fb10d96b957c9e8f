"""The page with the code that opens the data of one PC, for an envelope."""

from pathlib import Path

from models import clock


def write_code_page(path: Path, code: str, *, station: str) -> Path:
    """Write the page; it is deleted when it was printed."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    page = Document()
    page.add_heading("本机数据应急码", level=1)
    page.add_paragraph(f"电脑：{station}　　生成于 {clock.now():%Y-%m-%d %H:%M}")
    groups = code.split("-")
    half = len(groups) // 2
    for part in (groups[:half], groups[half:]):
        line = page.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        letters = line.add_run("   ".join(part))
        letters.font.size, letters.font.name = Pt(28), "Courier New"
    for text in (
        "这台电脑的密钥取不到时，在“数据打不开”页点“找回密钥”，输入上面的应急码。",
        "每组 5 个字符，最后一个是校验；没有字母 I、L、O、U，写成 1 或 0 也能识别。",
        "谁有这张纸和这台电脑，谁就能打开数据：请放进信封封好，锁起来，不要拍照。",
        "在“设置”里再打印一张，这一张随即作废。",
    ):
        page.add_paragraph(text)
    path.unlink(missing_ok=True)
    page.save(str(path))
    path.chmod(0o600)
    return path
