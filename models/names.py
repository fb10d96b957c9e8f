"""Where each name of the package is at home: its module, and what it gives."""

HOMES = {
    "approvals": "Approval Side Verdict verdict_of",
    "arrivals": "Arrival Caution arrival_of in_hours",
    "attendance": (
        "COVER_REASON_LABELS POST_LABELS RECORDED_BY_LABELS WARNING_LABELS Attendance "
        "CoverReason Post RecordedBy WarningKind attendances_on check_out "
        "close_all_forgotten on_duty open_attendance overstayed"
    ),
    "base": "connection db station_uid transaction",
    "bookings": (
        "BOOKING_STATUS_LABELS Booking BookingStatus Wanted book_venue "
        "bookings_between bookings_on cancel_booking free_times refuse_booking "
        "venues_used"
    ),
    "calendar": (
        "DAY_KIND_LABELS Day DayKind Opening Period TeachingWeek Unit day_of "
        "days_between in_weeks is_open is_term_time is_working_day openings_on "
        "periods_between periods_on place_in_term teaching_week unit_on "
        "unknown_year_notice working_day_after working_days_between year_is_known"
    ),
    "case_rules": "CaseRules case_rules_on case_rules_versions set_case_rules",
    "cases": (
        "CASE_STATUS_LABELS URGENCY_LABELS Case CaseStatus Pause Urgency add_step "
        "all_open_cases case_of cases_here cases_of cases_sent extend_case "
        "finish_case is_closed note_progress notify_visitor open_cases overdue_days "
        "pause_case refer_case refuse_case reopen_case resume_case steps_of take_case "
        "urgency_of"
    ),
    "catalogue": (
        "CHANGE_KIND_LABELS CatalogueChange ChangeKind changes_between changes_of"
    ),
    "centre": "found_centre",
    "checkins": "check_in",
    "corrections": "Correction corrections_between corrections_of request_correction",
    "coverage": "Gap StayReport gaps_between stays_in_week unmanned_shift",
    "custody": (
        "TRANSFER_KIND_LABELS Custody Holder SealTransfer TransferKind custody_of "
        "custody_overdue holder_of seals_held_by transfer_seal"
    ),
    "deskchanges": (
        "close_desk open_desk rename_desk set_department_phone set_enquiry_desk"
    ),
    "desks": (
        "TURN_LABELS Department Desk DeskDepartment Turn department_by_name "
        "departments departments_of desk_by_code desks set_rotation this_desk"
    ),
    "disposals": (
        "DISPOSAL_KIND_LABELS DisposalKind SealDisposal assign_seal destroy_seal "
        "disposals_between resume_seal stop_seal"
    ),
    "drafts": "Draft drafts forget_draft keep_draft",
    "duty": "DutyLine duty_lines",
    "enquiries": "is_enquiry_time other_services",
    "errors": "UserError",
    "facts": "Fact FactState facts_between",
    "finding": "FIND_STATUS_LABELS find_seal_uses find_visits",
    "handovers": (
        "HANDOVER_STATUS_LABELS Handover HandoverDraft HandoverStatus draft_handover "
        "hand_over handovers_between take_over waiting_handover"
    ),
    "holidays": (
        "SPECIAL_DAY_KIND_LABELS HolidayYear SpecialDay SpecialDayKind enter_year "
        "entered_years set_special_day special_days"
    ),
    "hours": "Hours hours_of",
    "installation": "Installation StationKind installation set_share",
    "late_visits": "LateVisit record_late_visits",
    "loans": (
        "Loan extend_loan lend loans_between loans_due loans_out take_back "
        "things_lent void_loan"
    ),
    "openings": (
        "OPENING_SEASON_LABELS OpeningHours OpeningSeason add_opening end_opening "
        "openings_of"
    ),
    "outings": (
        "SealOuting bring_back open_outing open_outings outings_between outings_due "
        "take_out"
    ),
    "pay": (
        "PAY_STATUS_LABELS PayMonth PayStatus approve_month close_month decide_excess "
        "month_of pay_lines pay_months reopen_month"
    ),
    "paylines": "EXCESS_LABELS Excess PayLine",
    "people": (
        "PERSON_ROLE_LABELS PERSON_STATUS_LABELS Person PersonRole PersonStatus "
        "add_person end_service finish_training people person_signing_in"
    ),
    "plan_contents": "PlanPattern who",
    "plan_decisions": "PlanDecision accept_plan decision_of plans_in_force return_plan",
    "planning": "Candidate PlanWarning PlanWarningKind free_for plan_warnings",
    "plans": "ShiftPlan new_plan plans_of save_plan submit_plan",
    "quicklist": "pin_service pinned_services quick_services unpin_service",
    "reception": "record_enquiry record_visit",
    "repeats": "Repeat Stranger earlier_visits proposed_repeat trips_of",
    "reservations": (
        "PaperUse SealReservation open_reservations reserve_numbers settle_reservation"
    ),
    "reviews": "decide waiting_approvals",
    "rules": "WorkRules rules_on rules_versions set_rules",
    "seal_uses": (
        "SealUse correct_seal_use next_seal_number record_seal_use refuse_seal_use "
        "seal_uses_of seal_uses_on void_seal_use"
    ),
    "seals": (
        "SEAL_STATE_LABELS Seal SealState change_seal register_seal seal_by_name "
        "seals seals_of"
    ),
    "servicechanges": "add_service change_service retire_service",
    "services": (
        "SERVICE_KIND_LABELS Service ServiceCard ServiceKind all_services card_of "
        "services_of version_on versions_of"
    ),
    "shifts": "Shift Stay Who shifts_between shifts_on stays_between",
    "slip_templates": (
        "SLIP_KIND_LABELS SlipKind SlipTemplate put_template template_for templates"
    ),
    "stations": "Station stations this_station",
    "steps": "STEP_KIND_LABELS StepKind VisitStep",
    "storage": "close_database create_database open_database row_counts",
    "students": "Student StudentStatus roster student_by_number",
    "swipes": "Swipe leave stand_in swipe swipe_of",
    "terms": (
        "WEEKS_LABELS PeriodTable Term period_tables set_period_table set_term "
        "term_on terms typed_time"
    ),
    "timetables": (
        "ClassTimetable Lesson has_class lessons_on save_timetable timetable_of "
        "timetables weeks_label"
    ),
    "troubles": "Conflict Quarantine",
    "verification": "Fault Verification verify",
    "visits": (
        "RATED_BY_LABELS REPEAT_CAUSE_LABELS VISIT_CHANNEL_LABELS "
        "VISIT_OUTCOME_LABELS RatedBy RepeatCause Visit VisitChannel VisitOutcome "
        "rate_visit visits_of visits_of_occasion visits_on void_visit"
    ),
}
