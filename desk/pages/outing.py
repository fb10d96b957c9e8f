"""印章外带: the card for taking a seal outside, and for checking it when it is back."""

from datetime import datetime, time
from typing import Any

from desk.pages.signing import Signature, SignForm
from desk.widgets.clocktime import read_time
from models import clock
from models.custody import Holder, holder_of, stands_in_for
from models.errors import UserError
from models.outings import SealOuting, bring_back, open_outing, take_out
from models.people import Person
from models.seal_transfers import SignedBy
from models.seals import Seal

USUALLY_BACK = time(17)
ASKED = ("unit", "applicant", "reason", "place", "approver")
GOING_OUT = (*ASKED, "due_on", "due_time")
COMING_BACK = ("taken", "condition", "documents", "copies", "checker")


class OutingCard(SignForm):
    """Tells the page `on_outing` when done, and `on_escape` to go back."""

    def __init__(self, page: Any) -> None:
        super().__init__(
            page, title="印章外带", command=self._confirm, window=page.window
        )
        self._page = page
        self._seal: Seal | None = None
        self._outing: SealOuting | None = None
        self._carrier: Signature | None = None
        page.put_left(self)
        self.add_fact("seal", SealOuting.seal_name.verbose_name)
        self.add_fact("from", SealOuting.carrier_name.verbose_name)
        self._build_going_out()
        self._build_coming_back()
        self.add_entry("note", SealOuting.note.verbose_name)
        self.add_sign("carrier", SealOuting.carrier_name.verbose_name)
        self.add_sign("checker", SealOuting.checker_name.verbose_name)
        self.add_words("carrier", "保管")
        self.confirm_button = self.add_button("确认带出", self.submit, primary=True)
        self.add_button("返回", page.on_escape)
        self.start_over()

    def _build_going_out(self) -> None:
        for name in ASKED:
            self.add_entry(name, getattr(SealOuting, name).verbose_name)
        self.add_date("due_on", "应还日期")
        self.add_entry("due_time", SealOuting.due_back_at.verbose_name, width=8)

    def _build_coming_back(self) -> None:
        self.add_fact("taken", "外带")
        self.add_entry("condition", SealOuting.condition.verbose_name)
        self.add_words("condition", "印章状况")
        self.add_entry("documents", SealOuting.documents.verbose_name)
        self.add_number("copies", SealOuting.copies.verbose_name, initial=0)

    def offer(self, seal: Seal) -> None:
        """The seal to be taken outside; to be checked, when it is outside."""
        self._seal, self._outing = seal, open_outing(seal)
        person = self.window.person
        carries = self._may_carry(person)
        self._carrier = Signature(person, SignedBy.SESSION) if carries else None
        self.start_over()
        self.set("seal", seal.name)
        self.set("from", self._carrier_words())
        self.guard()

    def _keeper(self) -> Holder:
        if self._outing is not None:
            return Holder(self._outing.carrier_uid, self._outing.carrier_name)
        assert self._seal is not None
        return holder_of(self._seal)

    def _may_carry(self, person: Person) -> bool:
        """A carrier who has left does not come back to sign; going out is another
        thing."""
        assert self._seal is not None
        keeper = self._keeper()
        if keeper.uid == person.uid:
            return True
        return self._outing is not None and stands_in_for(keeper, person, self._seal)

    def _carrier_words(self) -> str:
        keeper = self._keeper()
        if self._carrier is None:
            return f"{keeper.name}（请本人在下面签字）"
        if self._carrier.person.uid != keeper.uid:
            return f"{keeper.name}（已离岗），由{self._carrier.person.name}代还"
        return self._carrier.words

    def start_over(self) -> None:
        """Empty but for what is usual; the fields of the way it goes now."""
        self.clear(keep=("seal", "from"))
        back = self._outing is not None
        for name in GOING_OUT:
            self.show_field(name, not back)
        for name in COMING_BACK:
            self.show_field(name, back)
        self.show_field("carrier", self._seal is not None and self._carrier is None)
        self.confirm_button.configure(text="确认归还" if back else "确认带出")
        now = clock.now()
        self.set("due_on", now.date())
        if now.time() < USUALLY_BACK:
            self.set("due_time", f"{USUALLY_BACK:%H:%M}")
        if self._outing is not None:
            self.set("taken", taken_words(self._outing))
            self.set("condition", "完好")

    def focus_first(self) -> None:
        """Where one begins."""
        self.focus_field("unit" if self._outing is None else "condition")

    # -- signing --------------------------------------------------------------

    def check_signing(self, name: str, person: Person) -> None:
        """The keeper carries the seal; somebody else looks at it afterwards."""
        keeper = self._keeper()
        if name == "carrier":
            if not self._may_carry(person):
                raise UserError(f"印章由{keeper.name}保管，请由保管人签字。")
            return
        carrier = self._carrier or self.value("carrier")
        if person.uid in (keeper.uid, carrier and carrier.person.uid):
            raise UserError(f"{person.name}是携章人或经办人，请由另一个人验收。")

    def _signed_carrier(self) -> Person:
        if self._carrier is None:
            return self.signature("carrier").person
        if self.window.person.uid != self._carrier.person.uid:
            raise UserError("登录的人已经换了，请返回后重新办理。")
        return self._carrier.person

    def _confirm(self) -> None:
        if self._seal is None:
            raise UserError("请选择印章。")
        done = self._take_out() if self._outing is None else self._bring_back()
        self._outing = open_outing(self._seal)
        self.start_over()
        self.window.watch.look()
        self._page.on_outing(done)

    def _take_out(self) -> SealOuting:
        assert self._seal is not None
        return take_out(
            self._seal,
            by=self._signed_carrier(),
            due_back_at=self._due_back_at(),
            note=self.text("note"),
            **{name: self.text(name) for name in ASKED},
        )

    def _due_back_at(self) -> datetime:
        day = self.value("due_on")
        with self.about("due_on"):
            if day is None:
                raise UserError("请填写应还日期。")
        with self.about("due_time"):
            return datetime.combine(day, read_time(self.text("due_time")))

    def _bring_back(self) -> SealOuting:
        assert self._outing is not None
        return bring_back(
            self._outing,
            by=self._signed_carrier(),
            checker=self.signature("checker").person,
            condition=self.text("condition"),
            documents=self.text("documents"),
            copies=self.value("copies"),
            note=self.text("note"),
        )


def taken_words(outing: SealOuting) -> str:
    """Where to, for whom and what for, and until when: a line each."""
    return (
        f"{outing.out_at:%m-%d %H:%M} 带到{outing.place}\n"
        f"{outing.unit} {outing.applicant}：{outing.reason}\n"
        f"应于 {outing.due_back_at:%m-%d %H:%M} 归还"
    )
