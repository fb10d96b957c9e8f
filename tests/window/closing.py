"""What the fixtures do when a test's window goes."""

import gc
import tkinter


def close_window(root, window):
    running = window.jobs.running or window.autosync.jobs.running
    window.destroy()
    root.update()
    forget_window(root)
    gc.collect()
    assert not running, "the test left a job running"


def bindings_of(root):
    return {event: root.bind(event) for event in root.bind()}, root._tclCommands[:]


def forget_window(root):
    """Take off the root what a window bound to it: all its widgets hang on that."""
    bindings, commands = root.kept
    for event in root.bind():
        if "ttk::" not in str(root.bind(event)):  # Tk's own, made once and for all
            root.bind(event, bindings.get(event, ""))
    for name in set(root._tclCommands).difference(commands):
        root.deletecommand(name)
    for found in gc.get_objects():  # a trace keeps whose method it calls
        if isinstance(found, tkinter.Variable):
            found.__del__()
