"""The page of visits in front, for the tests of what is typed there."""


def to_front(window, drive):
    """The page as it is now, with the keys going to its first field."""
    page = window.page
    page.refresh()
    window.root.focus_force()
    page.focus_first()
    drive.pump(0.1)
    return page


def of_kind(page, kind):
    """The first service of that kind on the list."""
    return next(s for s in page.services if s.kind == kind)
