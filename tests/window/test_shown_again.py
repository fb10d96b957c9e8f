"""A page brought to the front again reads only when something may have changed."""

from datetime import timedelta

import models
from models import clock


def test_a_page_reads_again_only_what_may_have_changed(at_work, drive, monkeypatch):
    window, read = at_work, []
    window.show("cases")
    page = window.page
    told = window.status.rows.cget("text")
    refresh = type(page).refresh
    monkeypatch.setattr(
        type(page), "refresh", lambda self: (read.append(self), refresh(self))
    )

    def bring():
        window.show("loans")
        read.clear()
        window.show("cases")
        return len(read)

    with clock.set_at(clock.now()):
        bring()
        assert bring() == 0
        assert window.page is page and page.winfo_manager()
        assert window.status.rows.cget("text") == told != ""
        models.record_enquiry(by=window.person)
        assert (bring(), bring()) == (1, 0)
    with clock.set_at(clock.now() + timedelta(minutes=1)):
        assert (bring(), bring()) == (1, 0)
