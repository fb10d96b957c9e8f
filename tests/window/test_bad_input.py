"""Every form of every page, filled with what no sane person types."""

import re

import pytest
import ttkbootstrap as ttk

from desk import dialogs
from desk.pages import pages_of
from desk.widgets.choice import Choice
from desk.widgets.datefield import DateField
from desk.widgets.form import Form
from desk.widgets.suggest import SuggestEntry
from models import clock
from models.errors import UserError
from models.visits import Visit, VisitOutcome

BAD = {
    "nothing": None,
    "five thousand characters": "很长的一句话，" * 720,
    "beyond the first plane": "😀𠮷龘\u200b\u202e",
    "lines": "第一行\n第二行\r\n第三行\t制表",
    "no such day": "2026-02-30",
    "a home of nobody": "~😀/'; DROP TABLE visit; --\\{}%s",
}
LONGEST = 150  # characters of a refusal; more would fill the card


def forms_in(widget):
    """Every form on screen inside *widget*."""
    found = []
    for child in widget.winfo_children():
        if isinstance(child, Form) and child.winfo_viewable():
            found.append(child)
        found += forms_in(child)
    return found


def typed(form):
    """What stands in the fields that can be typed in."""
    fields = form._fields.items()
    return {
        name: field.target.get("1.0", "end")
        if isinstance(field.target, ttk.Text)
        else field.target.get()
        for name, field in fields
        if takes_text(field)
    }


def takes_text(field):
    is_list = isinstance(field.widget, (Choice, ttk.Combobox))
    return field.takes_input and not is_list and hasattr(field.target, "insert")


def paste_everywhere(form, text):
    for field in form._fields.values():
        if takes_text(field):
            first = "1.0" if isinstance(field.target, ttk.Text) else 0
            field.target.delete(first, "end")
            field.target.clipboard_clear()
            field.target.clipboard_append(text)
            field.target.event_generate("<<Paste>>")


def sections_of(window, drive):
    """The page in front, once for each of its sheets."""
    yield
    names = getattr(window.page, "tabs", None)
    for _ in range(len(names.tabs()) - 1 if names else 0):
        window.root.event_generate("<Control-Tab>")
        drive.pump()
        yield


@pytest.mark.parametrize("kind", ["at_work", "at_office"])
def test_nonsense_is_refused_where_it_stands_and_the_first_of_it_first(
    request, kind, drive, monkeypatch, shown
):
    window = request.getfixturevalue(kind)
    for name in ("ask_text", "confirm", "choose_file", "choose_folder"):
        monkeypatch.setattr(dialogs, name, lambda *arguments, **options: None)
    tried, told = 0, {}
    window.root.focus_force()
    for entry in pages_of(window.here):
        window.show(entry.name)
        drive.pump()
        for _ in sections_of(window, drive):
            for form in forms_in(window.page):
                for what, text in BAD.items():
                    if not form.winfo_viewable():
                        break  # it was good enough, and something else is in front
                    if form.winfo_viewable():  # what was proposed may make sense
                        submit_bad(window, form, text, f"{entry.title}: {what}")
                        tried += 1
                if not form.winfo_viewable():
                    continue
                form.clear(keep=["seal"])
                asked = told[entry.title, tried] = asked_in_turn(form)
                # The first of several empty fields is asked for first.
                assert asked == sorted(asked, key=list(form._fields).index), told
    assert tried >= 40 and sum(map(len, told.values())) >= 8
    assert shown == []  # neither a warning nor a crash


def submit_bad(window, form, text, where):
    if text is not None:
        paste_everywhere(form, text)
    window.update()
    before = typed(form)
    try:
        form.submit()
    except UserError as error:
        assert re.search("[\u4e00-\u9fff]", str(error)), where
    window.update()
    wrong = [field for field in form._fields.values() if field.is_wrong]
    for field, said in zip(wrong, form.problems(), strict=True):
        assert re.search("请|看不懂|没有", said), (where, said)
        assert len(said) <= LONGEST, (where, said)
        path = str(window.root.focus_get())
        assert f"{path}.".startswith(f"{field.target}."), (where, path)
    if wrong:
        assert typed(form) == before, where


def fill(field):
    """Something that makes sense; False where nothing can be filled in."""
    widget = field.widget
    if isinstance(widget, SuggestEntry):
        found = widget._suggest("2024") or widget._suggest("")
        field.write(found[0].record if found else "测试")
    elif isinstance(widget, DateField):
        field.write(clock.today())
    elif isinstance(widget, ttk.Combobox):
        if not widget.choices:
            return False
        widget.current(len(widget.choices) - 1)
        widget.event_generate("<<ComboboxSelected>>")
    elif takes_text(field):
        field.write("测试")
    else:
        return False
    return True


def asked_in_turn(form):
    """Which empty fields are asked for, filling in each that is."""
    asked = []
    while True:
        try:
            form.submit()
        except UserError:
            return asked
        wrong = [name for name, field in form._fields.items() if field.is_wrong]
        if not wrong or wrong[0] in asked:
            return asked
        field = form._fields[wrong[0]]
        if field.typed() not in ("", None) or not fill(field):
            return asked  # something else than being empty
        asked += wrong


def test_an_unknown_number_is_told_before_the_matter_that_is_missing(at_work):
    form = at_work.page.form
    form.widget("visitor").insert(0, "20999999")
    form.submit()
    assert [name for name, field in form._fields.items() if field.is_wrong] == [
        "visitor"
    ]
    form.clear()
    form.set("outcome", VisitOutcome.ENQUIRY)  # nobody need be named
    form.submit()
    assert form.problems() == ["请从候选中选择事项。"]
    assert Visit.select().count() == 0


def test_what_was_pasted_is_quoted_in_short(at_work, drive):
    form = at_work.page.form
    assert form.show_problem(f"看不懂“{'很长' * 2000}”，请重填。", "note")
    assert form.problems() == [f"看不懂“{'很长' * 20}…”，请重填。"]

    def refuse():
        raise UserError("没有“一\n二”，请核对。")

    at_work.after(1, refuse)
    drive.wait_until(
        lambda: at_work.info.text == "没有“一 二”，请核对。", "the refusal"
    )
