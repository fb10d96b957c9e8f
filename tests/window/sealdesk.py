"""Seal uses for the tests of the page of seals."""

from models.desks import this_desk
from models.people import person_signing_in
from models.seal_uses import SealUse, record_seal_use
from models.seals import seals_of


def the_seal():
    return seals_of(this_desk())[0]


def record_use(**fields):
    usual = {
        "applicant": "王家长",
        "unit": "校外",
        "document_title": "在读证明",
        "purpose": "申请贷款",
        "approver": "陈老师",
    }
    by = person_signing_in("T001")
    return record_seal_use(by=by, seal=the_seal(), **{**usual, **fields})


def uses():
    return list(SealUse.select().order_by(SealUse.number))


def mark(page, use):
    """Mark a use in the list, as a click does."""
    page.refresh()
    tree = page.table.tree
    rows = page.table.rows()
    at = next(at for at, row in enumerate(rows) if row[0] == use.number_text)
    tree.selection_set(tree.get_children()[at])
