# ruff: noqa: F401 - these are the names of the package
"""What the desk remembers, and every rule about it.  Works without a window.

A name is fetched from its module when it is first asked for: read all at once, they
took as long as a window takes to open.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from models.names import HOMES

if TYPE_CHECKING:
    from models.approvals import Approval, Side, Verdict, verdict_of
    from models.arrivals import Arrival, Caution, arrival_of, in_hours
    from models.attendance import (
        COVER_REASON_LABELS,
        POST_LABELS,
        RECORDED_BY_LABELS,
        WARNING_LABELS,
        Attendance,
        CoverReason,
        Post,
        RecordedBy,
        WarningKind,
        attendances_on,
        check_out,
        close_all_forgotten,
        on_duty,
        open_attendance,
        overstayed,
    )
    from models.base import connection, db, station_uid, transaction
    from models.bookings import (
        BOOKING_STATUS_LABELS,
        Booking,
        BookingStatus,
        Wanted,
        book_venue,
        bookings_between,
        bookings_on,
        cancel_booking,
        free_times,
        refuse_booking,
        venues_used,
    )
    from models.calendar import (
        DAY_KIND_LABELS,
        Day,
        DayKind,
        Opening,
        Period,
        TeachingWeek,
        Unit,
        day_of,
        days_between,
        in_weeks,
        is_open,
        is_term_time,
        is_working_day,
        openings_on,
        periods_between,
        periods_on,
        place_in_term,
        teaching_week,
        unit_on,
        unknown_year_notice,
        working_day_after,
        working_days_between,
        year_is_known,
    )
    from models.case_rules import (
        CaseRules,
        case_rules_on,
        case_rules_versions,
        set_case_rules,
    )
    from models.cases import (
        CASE_STATUS_LABELS,
        URGENCY_LABELS,
        Case,
        CaseStatus,
        Pause,
        Urgency,
        add_step,
        all_open_cases,
        case_of,
        cases_here,
        cases_of,
        cases_sent,
        extend_case,
        finish_case,
        is_closed,
        note_progress,
        notify_visitor,
        open_cases,
        overdue_days,
        pause_case,
        refer_case,
        refuse_case,
        reopen_case,
        resume_case,
        steps_of,
        take_case,
        urgency_of,
    )
    from models.catalogue import (
        CHANGE_KIND_LABELS,
        CatalogueChange,
        ChangeKind,
        changes_between,
        changes_of,
    )
    from models.centre import found_centre
    from models.checkins import check_in
    from models.corrections import (
        Correction,
        corrections_between,
        corrections_of,
        request_correction,
    )
    from models.coverage import (
        Gap,
        StayReport,
        gaps_between,
        stays_in_week,
        unmanned_shift,
    )
    from models.custody import (
        TRANSFER_KIND_LABELS,
        Custody,
        Holder,
        SealTransfer,
        TransferKind,
        custody_of,
        custody_overdue,
        holder_of,
        seals_held_by,
        transfer_seal,
    )
    from models.deskchanges import (
        close_desk,
        open_desk,
        rename_desk,
        set_department_phone,
        set_enquiry_desk,
    )
    from models.desks import (
        TURN_LABELS,
        Department,
        Desk,
        DeskDepartment,
        Turn,
        department_by_name,
        departments,
        departments_of,
        desk_by_code,
        desks,
        set_rotation,
        this_desk,
    )
    from models.disposals import (
        DISPOSAL_KIND_LABELS,
        DisposalKind,
        SealDisposal,
        assign_seal,
        destroy_seal,
        disposals_between,
        resume_seal,
        stop_seal,
    )
    from models.drafts import Draft, drafts, forget_draft, keep_draft
    from models.duty import DutyLine, duty_lines
    from models.enquiries import is_enquiry_time, other_services
    from models.errors import UserError
    from models.facts import Fact, FactState, facts_between
    from models.finding import FIND_STATUS_LABELS, find_seal_uses, find_visits
    from models.handovers import (
        HANDOVER_STATUS_LABELS,
        Handover,
        HandoverDraft,
        HandoverStatus,
        draft_handover,
        hand_over,
        handovers_between,
        take_over,
        waiting_handover,
    )
    from models.holidays import (
        SPECIAL_DAY_KIND_LABELS,
        HolidayYear,
        SpecialDay,
        SpecialDayKind,
        enter_year,
        entered_years,
        set_special_day,
        special_days,
    )
    from models.hours import Hours, hours_of
    from models.installation import Installation, StationKind, installation, set_share
    from models.late_visits import LateVisit, record_late_visits
    from models.loans import (
        Loan,
        extend_loan,
        lend,
        loans_between,
        loans_due,
        loans_out,
        take_back,
        things_lent,
        void_loan,
    )
    from models.openings import (
        OPENING_SEASON_LABELS,
        OpeningHours,
        OpeningSeason,
        add_opening,
        end_opening,
        openings_of,
    )
    from models.outings import (
        SealOuting,
        bring_back,
        open_outing,
        open_outings,
        outings_between,
        outings_due,
        take_out,
    )
    from models.pay import (
        PAY_STATUS_LABELS,
        PayMonth,
        PayStatus,
        approve_month,
        close_month,
        decide_excess,
        month_of,
        pay_lines,
        pay_months,
        reopen_month,
    )
    from models.paylines import EXCESS_LABELS, Excess, PayLine
    from models.people import (
        PERSON_ROLE_LABELS,
        PERSON_STATUS_LABELS,
        Person,
        PersonRole,
        PersonStatus,
        add_person,
        end_service,
        finish_training,
        people,
        person_signing_in,
    )
    from models.plan_contents import PlanPattern, who
    from models.plan_decisions import (
        PlanDecision,
        accept_plan,
        decision_of,
        plans_in_force,
        return_plan,
    )
    from models.planning import (
        Candidate,
        PlanWarning,
        PlanWarningKind,
        free_for,
        plan_warnings,
    )
    from models.plans import ShiftPlan, new_plan, plans_of, save_plan, submit_plan
    from models.quicklist import (
        pin_service,
        pinned_services,
        quick_services,
        unpin_service,
    )
    from models.reception import record_enquiry, record_visit
    from models.repeats import (
        Repeat,
        Stranger,
        earlier_visits,
        proposed_repeat,
        trips_of,
    )
    from models.reservations import (
        PaperUse,
        SealReservation,
        open_reservations,
        reserve_numbers,
        settle_reservation,
    )
    from models.reviews import decide, waiting_approvals
    from models.rules import WorkRules, rules_on, rules_versions, set_rules
    from models.seal_uses import (
        SealUse,
        correct_seal_use,
        next_seal_number,
        record_seal_use,
        refuse_seal_use,
        seal_uses_of,
        seal_uses_on,
        void_seal_use,
    )
    from models.seals import (
        SEAL_STATE_LABELS,
        Seal,
        SealState,
        change_seal,
        register_seal,
        seal_by_name,
        seals,
        seals_of,
    )
    from models.servicechanges import add_service, change_service, retire_service
    from models.services import (
        SERVICE_KIND_LABELS,
        Service,
        ServiceCard,
        ServiceKind,
        all_services,
        card_of,
        services_of,
        version_on,
        versions_of,
    )
    from models.shifts import Shift, Stay, Who, shifts_between, shifts_on, stays_between
    from models.slip_templates import (
        SLIP_KIND_LABELS,
        SlipKind,
        SlipTemplate,
        put_template,
        template_for,
        templates,
    )
    from models.stations import Station, stations, this_station
    from models.steps import STEP_KIND_LABELS, StepKind, VisitStep
    from models.storage import (
        close_database,
        create_database,
        open_database,
        row_counts,
    )
    from models.students import Student, StudentStatus, roster, student_by_number
    from models.swipes import Swipe, leave, stand_in, swipe, swipe_of
    from models.terms import (
        WEEKS_LABELS,
        PeriodTable,
        Term,
        period_tables,
        set_period_table,
        set_term,
        term_on,
        terms,
        typed_time,
    )
    from models.timetables import (
        ClassTimetable,
        Lesson,
        has_class,
        lessons_on,
        save_timetable,
        timetable_of,
        timetables,
        weeks_label,
    )
    from models.troubles import Conflict, Quarantine
    from models.verification import Fault, Verification, verify
    from models.visits import (
        RATED_BY_LABELS,
        REPEAT_CAUSE_LABELS,
        VISIT_CHANNEL_LABELS,
        VISIT_OUTCOME_LABELS,
        RatedBy,
        RepeatCause,
        Visit,
        VisitChannel,
        VisitOutcome,
        rate_visit,
        visits_of,
        visits_of_occasion,
        visits_on,
        void_visit,
    )


_HOME_OF = {name: home for home, names in HOMES.items() for name in names.split()}


class _Package(ModuleType):
    """`models.people` is the function, whoever has read the module of that name."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME_OF and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    """One of the names above, or a module of the package; from then on it is there."""
    home = _HOME_OF.get(name)
    if home is not None:
        value = getattr(import_module(f"models.{home}"), name)
        globals()[name] = value
        return value
    if not name.startswith("_"):
        try:
            return import_module(f"models.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"models.{name}":
                raise
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
