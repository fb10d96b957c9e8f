"""Repairs to Tk's own key and mouse bindings, once for the whole application.

Each was seen to bite with Tk 8.6 and ttkbootstrap 2.2.6; tests/window presses the
real keys.  Class bindings are changed, so every widget made later is repaired too.
"""

import tkinter

from desk import accessibility

ENTRY_CLASSES = ("Entry", "TEntry", "TCombobox", "TSpinbox")
# Tk edits text with these on every platform; some of them are our own shortcuts.
EDITING_LETTERS = "abdefhiknopt"
UNDO_DEPTH = 100


def install(root: tkinter.Misc) -> None:
    """Repair *root* and everything in it."""
    _hear_only_root(root)
    _press_with_space(root)
    _stop_the_wheel(root)
    _free_letters(root)
    _complete_treeview(root)
    _undo_in_entries(root)
    _leave_text_with_tab(root)
    _focus_at_once(root)
    accessibility.follow_focus(root)


def _hear_only_root(root: tkinter.Misc) -> None:
    """What ttkbootstrap binds to the window runs for each widget within it as well:
    9 ms of Python for a page brought to the front, all of it for nothing."""
    root.unbind_all("<Map>")  # tells parents of their children; nobody listens
    if isinstance(root, tkinter.Tk):
        for size in ("1x1", ""):
            root.geometry(size)  # the first size asked for binds the rest
    for sequence in ("<Map>", "<Configure>", "<Visibility>"):
        script = root.tk.call("bind", root, sequence)
        if script:
            own = f'if {{"%W" eq "{root}"}} {{\n{script}\n}}'
            root.tk.call("bind", root, sequence, own)


def _press_with_space(root: tkinter.Misc) -> None:
    """ttkbootstrap unbinds Space from buttons on purpose (its PR #262)."""
    root.bind_class("TButton", "<Key-space>", _on_space)
    # Ctrl+Enter saves; without its own binding it would also press the button.
    for sequence in ("<Control-Return>", "<Control-KP_Enter>"):
        root.bind_class("TButton", sequence, lambda event: None)


def _on_space(event: tkinter.Event) -> str:
    event.widget.invoke()
    return "break"


def _stop_the_wheel(root: tkinter.Misc) -> None:
    """A turn of the wheel over a closed list changes its value unseen."""
    for name in ("TCombobox", "TSpinbox"):
        for sequence in ("<MouseWheel>", "<Shift-MouseWheel>", "<Button-4>"):
            root.unbind_class(name, sequence)
        for sequence in ("<Button-5>", "<Shift-Button-4>", "<Shift-Button-5>"):
            root.unbind_class(name, sequence)


def _free_letters(root: tkinter.Misc) -> None:
    for letter in EDITING_LETTERS:
        for name in ("Text", *ENTRY_CLASSES):
            root.unbind_class(name, f"<Control-{letter}>")
        for virtual in root.event_info():
            if virtual not in ("<<Cut>>", "<<Copy>>", "<<Paste>>"):
                root.event_delete(virtual, f"<Control-{letter}>")
    root.event_delete("<<SelectAll>>", "<Control-slash>")
    root.event_delete("<<Paste>>", "<Control-y>")
    root.event_delete("<<Cut>>", "<Control-w>")
    root.event_add("<<SelectAll>>", "<Control-a>", "<Control-A>")
    for name in ENTRY_CLASSES:
        root.bind_class(name, "<<SelectAll>>", _on_select_all_text)
        # X11 leaves the text marked when the focus has gone elsewhere.
        root.bind_class(name, "<FocusOut>", _on_entry_left, add="+")
    root.bind_class("Text", "<<Paste>>", _on_paste_in_text)


def _on_select_all_text(event: tkinter.Event) -> str:
    event.widget.selection_range(0, "end")
    event.widget.icursor("end")
    return "break"


def _on_entry_left(event: tkinter.Event) -> None:
    if not isinstance(event.widget, str):
        event.widget.selection_clear()


def _on_paste_in_text(event: tkinter.Event) -> str:
    """On X11 Tk leaves the selected text standing beside what is pasted."""
    text = event.widget
    try:
        pasted = text.clipboard_get()
    except tkinter.TclError:  # nothing there, or not text
        return "break"
    if text.tag_ranges("sel"):
        text.delete("sel.first", "sel.last")
    text.insert("insert", pasted)
    text.see("insert")
    return "break"


# -- Treeview -----------------------------------------------------------------


def _complete_treeview(root: tkinter.Misc) -> None:
    steps = {"Home": "first", "End": "last"}
    for key, where in steps.items():
        root.bind_class(
            "Treeview", f"<{key}>", lambda event, where=where: _on_end(event, where)
        )
    root.bind_class("Treeview", "<Shift-Up>", lambda event: _on_extend(event, -1))
    root.bind_class("Treeview", "<Shift-Down>", lambda event: _on_extend(event, +1))
    root.bind_class("Treeview", "<<SelectAll>>", _on_select_all_rows)
    # Focus on a table without a focused row swallows the arrow keys.
    root.bind_class("Treeview", "<FocusIn>", _on_tree_focus)


def _on_tree_focus(event: tkinter.Event) -> None:
    tree = event.widget
    rows = tree.get_children()
    if rows and not tree.focus():
        tree.focus(rows[0])
        if not tree.selection():
            tree.selection_set(rows[0])


def _on_end(event: tkinter.Event, where: str) -> str:
    rows = event.widget.get_children()
    if rows:
        _choose(event.widget, rows[0] if where == "first" else rows[-1])
    return "break"


def _choose(tree: tkinter.Misc, row: str) -> None:
    tree.focus(row)
    tree.selection_set(row)
    tree.see(row)


def _on_extend(event: tkinter.Event, step: int) -> str:
    tree = event.widget
    if str(tree.cget("selectmode")) != "extended" or not tree.focus():
        return "break"
    row = tree.next(tree.focus()) if step > 0 else tree.prev(tree.focus())
    if row:
        if row in tree.selection():
            tree.selection_remove(tree.focus())
        else:
            tree.selection_add(row)
        tree.focus(row)
        tree.see(row)
    return "break"


def _on_select_all_rows(event: tkinter.Event) -> str:
    if str(event.widget.cget("selectmode")) == "extended":
        event.widget.selection_set(event.widget.get_children())
    return "break"


# -- Entry --------------------------------------------------------------------


def _undo_in_entries(root: tkinter.Misc) -> None:
    for name in ENTRY_CLASSES:
        root.bind_class(name, "<FocusIn>", _on_entry_focus, add="+")
        root.bind_class(name, "<KeyRelease>", _remember, add="+")
        for sequence in ("<<Paste>>", "<<Cut>>"):
            root.bind_class(
                name,
                sequence,
                lambda event: event.widget.after_idle(_remember, event),
                add="+",
            )
        root.bind_class(name, "<<Undo>>", _on_undo)
        root.bind_class(name, "<<Redo>>", _on_redo)
    root.event_add("<<Redo>>", "<Control-y>")


def _typed(entry: tkinter.Misc) -> tuple[list[str], list[str]]:
    """What an entry held before, and what was undone; both kept on the widget."""
    if not hasattr(entry, "typed_texts"):
        entry.typed_texts, entry.undone_texts = [entry.get()], []
    return entry.typed_texts, entry.undone_texts


def _on_entry_focus(event: tkinter.Event) -> None:
    _remember(event)


def _remember(event: tkinter.Event) -> None:
    entry = event.widget
    if isinstance(entry, str) or not entry.winfo_exists():
        return  # a combobox's own list, or gone before the idle moment came
    typed, undone = _typed(entry)
    if entry.get() != typed[-1]:
        typed.append(entry.get())
        undone.clear()
        del typed[:-UNDO_DEPTH]


def _on_undo(event: tkinter.Event) -> str:
    _remember(event)
    typed, undone = _typed(event.widget)
    if len(typed) > 1:
        undone.append(typed.pop())
        _write(event.widget, typed[-1])
    return "break"


def _on_redo(event: tkinter.Event) -> str:
    typed, undone = _typed(event.widget)
    if undone:
        typed.append(undone.pop())
        _write(event.widget, typed[-1])
    return "break"


def _write(entry: tkinter.Misc, text: str) -> None:
    if str(entry.cget("state")) in ("readonly", "disabled"):
        return
    entry.delete(0, "end")
    entry.insert(0, text)
    entry.icursor("end")


# -- Text ---------------------------------------------------------------------


def _leave_text_with_tab(root: tkinter.Misc) -> None:
    root.bind_class("Text", "<Tab>", _on_tab)
    for sequence in ("<Shift-Tab>", "<ISO_Left_Tab>"):
        try:
            root.bind_class("Text", sequence, _on_back_tab)
        except tkinter.TclError:  # ISO_Left_Tab is a key of X11 only
            continue
    root.bind_class("Text", "<Control-Tab>", _on_insert_tab)


def _on_tab(event: tkinter.Event) -> str:
    event.widget.tk_focusNext().focus_set()
    return "break"


def _on_back_tab(event: tkinter.Event) -> str:
    event.widget.tk_focusPrev().focus_set()
    return "break"


def _on_insert_tab(event: tkinter.Event) -> str:
    event.widget.insert("insert", "\t")
    return "break"


# -- the focus ----------------------------------------------------------------

FOCUS = """
if {[info commands ::focus_when_seen] eq ""} {rename ::focus ::focus_when_seen}
proc ::focus {args} {
    set window [lindex $args end]
    if {[winfo exists $window] && ![winfo viewable $window]
            && [winfo viewable [winfo toplevel $window]]} {
        update idletasks
        for {set up $window} {![winfo viewable $window] && $up ne "."} {
                set up [winfo parent $up]} {
            if {[winfo class $up] eq "Canvas"} {
                $up configure -cursor [$up cget -cursor]
                update idletasks
            }
        }
    }
    uplevel 1 [list ::focus_when_seen {*}$args]
}
"""


def _focus_at_once(root: tkinter.Misc) -> None:
    """Tk gives the focus to a widget that is not on the screen yet only when it is:
    keys typed ahead until then went to the page before.

    A canvas shows what lies in it when it is drawn again, not with the page around it.
    """
    root.tk.eval(FOCUS)
