"""The one error that is meant for people."""


class UserError(Exception):
    """Something the person at the desk can put right.

    The text is Chinese, says what to do next, ends with a full stop and is shown as
    it is.  Everything else that is raised is a fault of the program and is logged.
    A form shows it under its field named *field*, where it is known.
    """

    field: str = ""
