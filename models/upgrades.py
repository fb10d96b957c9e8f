"""What changed in the database from version to version, frozen as it shipped.

Names stand here as text: the models will have moved on.
"""

TIME = (
    """CREATE TABLE "approval" ("uid" TEXT NOT NULL PRIMARY KEY, "revision" INTEGER
       NOT NULL, "station" TEXT NOT NULL, "subject_uid" TEXT NOT NULL, "side" TEXT
       NOT NULL, "approved" INTEGER NOT NULL, "note" TEXT NOT NULL, "decided_at"
       DATETIME NOT NULL, "decider_uid" TEXT NOT NULL, "decider_name" TEXT NOT
       NULL)""",
    """CREATE TABLE "class_timetable" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "person_uid" TEXT NOT NULL,
       "person_name" TEXT NOT NULL, "person_number" TEXT NOT NULL, "term_uid" TEXT
       NOT NULL, "lessons" TEXT NOT NULL, "saved_at" DATETIME NOT NULL)""",
    """CREATE TABLE "correction" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "attendance_uid" TEXT NOT NULL,
       "person_uid" TEXT NOT NULL, "person_number" TEXT NOT NULL, "person_name"
       TEXT NOT NULL, "desk_uid" TEXT NOT NULL, "desk_name" TEXT NOT NULL,
       "department_uid" TEXT NOT NULL, "department_name" TEXT NOT NULL, "post" TEXT
       NOT NULL, "shift_key" TEXT NOT NULL, "planned_from" DATETIME, "planned_to"
       DATETIME, "old_in" DATETIME, "old_out" DATETIME, "new_in" DATETIME NOT NULL,
       "new_out" DATETIME NOT NULL, "reason" TEXT NOT NULL, "witness_uid" TEXT NOT
       NULL, "witness_name" TEXT NOT NULL, "requested_at" DATETIME NOT NULL,
       "requester_uid" TEXT NOT NULL, "requester_name" TEXT NOT NULL)""",
    """CREATE TABLE "excess_decision" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "month" TEXT NOT NULL,
       "person_uid" TEXT NOT NULL, "person_name" TEXT NOT NULL, "choice" TEXT NOT
       NULL, "minutes" INTEGER NOT NULL, "consent" INTEGER NOT NULL, "note" TEXT
       NOT NULL)""",
    """CREATE TABLE "holiday_year" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "year" INTEGER NOT NULL)""",
    """CREATE TABLE "opening_hours" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "desk_uid" TEXT NOT NULL,
       "season" TEXT NOT NULL, "weekday" INTEGER, "day" DATE, "weeks" TEXT NOT
       NULL, "from_time" TEXT NOT NULL, "to_time" TEXT NOT NULL, "note" TEXT NOT
       NULL, "starts_on" DATE, "ends_on" DATE, "is_void" INTEGER NOT NULL)""",
    """CREATE TABLE "pay_month" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "month" TEXT NOT NULL, "status"
       TEXT NOT NULL, "lines" TEXT NOT NULL, "approved_at" DATETIME, "approver_uid"
       TEXT NOT NULL, "approver_name" TEXT NOT NULL, "closed_at" DATETIME, "note"
       TEXT NOT NULL)""",
    """CREATE TABLE "period_table" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "name" TEXT NOT NULL, "first_day"
       TEXT NOT NULL, "last_day" TEXT NOT NULL, "periods" TEXT NOT NULL)""",
    """CREATE TABLE "pin" ("id" INTEGER NOT NULL PRIMARY KEY, "person_uid" TEXT NOT
       NULL, "hash" TEXT NOT NULL, "wrong" INTEGER NOT NULL, "wrong_at" DATETIME)""",
    """CREATE TABLE "plan_decision" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "desk_uid" TEXT NOT NULL,
       "desk_name" TEXT NOT NULL, "department_uid" TEXT NOT NULL, "department_name"
       TEXT NOT NULL, "version" INTEGER NOT NULL, "pattern" TEXT NOT NULL,
       "starts_on" DATE NOT NULL, "ends_on" DATE NOT NULL, "shifts" TEXT NOT NULL,
       "stays" TEXT NOT NULL, "author_uid" TEXT NOT NULL, "author_name" TEXT NOT
       NULL, "note" TEXT NOT NULL, "plan_uid" TEXT NOT NULL, "accepted" INTEGER NOT
       NULL, "number" TEXT NOT NULL, "decided_on" DATE NOT NULL, "in_force_from"
       DATE, "reason" TEXT NOT NULL, "decider_name" TEXT NOT NULL)""",
    """CREATE TABLE "shift_plan" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "desk_uid" TEXT NOT NULL,
       "desk_name" TEXT NOT NULL, "department_uid" TEXT NOT NULL, "department_name"
       TEXT NOT NULL, "version" INTEGER NOT NULL, "pattern" TEXT NOT NULL,
       "starts_on" DATE NOT NULL, "ends_on" DATE NOT NULL, "shifts" TEXT NOT NULL,
       "stays" TEXT NOT NULL, "author_uid" TEXT NOT NULL, "author_name" TEXT NOT
       NULL, "note" TEXT NOT NULL, "status" TEXT NOT NULL, "submitted_at" DATETIME)""",
    """CREATE TABLE "special_day" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "day" DATE NOT NULL, "kind" TEXT
       NOT NULL, "name" TEXT NOT NULL, "follows" INTEGER)""",
    """CREATE TABLE "term" ("uid" TEXT NOT NULL PRIMARY KEY, "revision" INTEGER NOT
       NULL, "station" TEXT NOT NULL, "name" TEXT NOT NULL, "starts_on" DATE NOT
       NULL, "ends_on" DATE NOT NULL)""",
    """CREATE TABLE "work_rules" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "starts_on" DATE NOT NULL,
       "early_minutes" INTEGER NOT NULL, "late_grace" INTEGER NOT NULL,
       "early_grace" INTEGER NOT NULL, "rounding_minutes" INTEGER NOT NULL,
       "rate_a" INTEGER NOT NULL, "rate_b" INTEGER NOT NULL, "week_limit" INTEGER,
       "month_limit" INTEGER, "vacation_week_limit" INTEGER, "vacation_month_limit"
       INTEGER, "alarm_minutes" INTEGER NOT NULL, "adjoining_minutes" INTEGER NOT
       NULL)""",
    """ALTER TABLE "attendance" ADD COLUMN "shift_key" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "attendance" ADD COLUMN "department_uid" TEXT NOT NULL DEFAULT
       ''""",
    """ALTER TABLE "attendance" ADD COLUMN "department_name" TEXT NOT NULL DEFAULT
       ''""",
    """ALTER TABLE "attendance" ADD COLUMN "warnings" TEXT NOT NULL DEFAULT '[]'""",
    """ALTER TABLE "desk" ADD COLUMN "rotation" TEXT NOT NULL DEFAULT '[]'""",
    """ALTER TABLE "person" ADD COLUMN "trained_on" DATE""",
    """ALTER TABLE "visit" ADD COLUMN "duty_unit_uid" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "visit" ADD COLUMN "duty_unit_name" TEXT NOT NULL DEFAULT ''""",
    """CREATE INDEX "approval_subject_uid" ON "approval" ("subject_uid")""",
    """CREATE INDEX "classtimetable_person_uid" ON "class_timetable" ("person_uid")""",
    """CREATE INDEX "classtimetable_term_uid" ON "class_timetable" ("term_uid")""",
    """CREATE INDEX "correction_attendance_uid" ON "correction" ("attendance_uid")""",
    """CREATE INDEX "correction_person_uid" ON "correction" ("person_uid")""",
    """CREATE INDEX "correction_requested_at" ON "correction" ("requested_at")""",
    """CREATE INDEX "excessdecision_month" ON "excess_decision" ("month")""",
    """CREATE INDEX "holidayyear_year" ON "holiday_year" ("year")""",
    """CREATE INDEX "openinghours_desk_uid" ON "opening_hours" ("desk_uid")""",
    """CREATE UNIQUE INDEX "paymonth_month" ON "pay_month" ("month")""",
    """CREATE UNIQUE INDEX "pin_person_uid" ON "pin" ("person_uid")""",
    """CREATE INDEX "plandecision_desk_uid" ON "plan_decision" ("desk_uid")""",
    """CREATE INDEX "plandecision_plan_uid" ON "plan_decision" ("plan_uid")""",
    """CREATE INDEX "shiftplan_desk_uid" ON "shift_plan" ("desk_uid")""",
    """CREATE INDEX "specialday_day" ON "special_day" ("day")""",
    """CREATE INDEX "term_starts_on" ON "term" ("starts_on")""",
    """CREATE INDEX "workrules_starts_on" ON "work_rules" ("starts_on")""",
    """CREATE TRIGGER shift_plan_submitted BEFORE UPDATE ON shift_plan WHEN
       OLD.status <> 'draft' BEGIN SELECT RAISE(ABORT, 'a submitted plan never
       changes'); END""",
    """CREATE TRIGGER pay_month_closed BEFORE UPDATE ON pay_month WHEN OLD.status =
       'closed' BEGIN SELECT RAISE(ABORT, 'a closed month never changes'); END""",
    """CREATE TRIGGER visit_step_is_only_added BEFORE UPDATE ON "visit_step" BEGIN
       SELECT RAISE(ABORT, 'rows are only ever added'); END""",
    """CREATE TRIGGER seal_transfer_is_only_added BEFORE UPDATE ON "seal_transfer"
       BEGIN SELECT RAISE(ABORT, 'rows are only ever added'); END""",
    """CREATE TRIGGER plan_decision_is_only_added BEFORE UPDATE ON "plan_decision"
       BEGIN SELECT RAISE(ABORT, 'rows are only ever added'); END""",
    """CREATE TRIGGER correction_is_only_added BEFORE UPDATE ON "correction" BEGIN
       SELECT RAISE(ABORT, 'rows are only ever added'); END""",
    """CREATE TRIGGER approval_is_only_added BEFORE UPDATE ON "approval" BEGIN
       SELECT RAISE(ABORT, 'rows are only ever added'); END""",
    *(
        f"""CREATE TRIGGER {name}_is_never_deleted BEFORE DELETE ON "{name}"
        BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END"""
        for name in (
            "term",
            "period_table",
            "special_day",
            "holiday_year",
            "opening_hours",
            "work_rules",
            "class_timetable",
            "shift_plan",
            "plan_decision",
            "correction",
            "approval",
            "excess_decision",
            "pay_month",
        )
    ),
)


VISITS_AND_SEALS = (
    """CREATE TABLE "booking" ("uid" TEXT NOT NULL PRIMARY KEY, "revision" INTEGER
       NOT NULL, "station" TEXT NOT NULL, "number" TEXT NOT NULL, "desk_uid" TEXT
       NOT NULL, "desk_name" TEXT NOT NULL, "department_uid" TEXT NOT NULL,
       "department_name" TEXT NOT NULL, "asked_at" DATETIME NOT NULL, "venue" TEXT
       NOT NULL, "starts_at" DATETIME NOT NULL, "ends_at" DATETIME NOT NULL,
       "organisation" TEXT NOT NULL, "event" TEXT NOT NULL, "people" INTEGER NOT
       NULL, "student_uid" TEXT NOT NULL, "student_number" TEXT NOT NULL,
       "applicant_name" TEXT NOT NULL, "phone" TEXT NOT NULL, "approver" TEXT NOT
       NULL, "handler_uid" TEXT NOT NULL, "handler_name" TEXT NOT NULL, "status"
       TEXT NOT NULL, "reason" TEXT NOT NULL, "cancelled_at" DATETIME,
       "canceller_name" TEXT NOT NULL, "note" TEXT NOT NULL)""",
    """CREATE TABLE "case_rules" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "starts_on" DATE NOT NULL,
       "soon_days" INTEGER NOT NULL, "take_days" INTEGER NOT NULL,
       "department_days" INTEGER NOT NULL, "office_days" INTEGER NOT NULL,
       "waiting_days" INTEGER NOT NULL, "shifts" INTEGER NOT NULL)""",
    """CREATE TABLE "catalogue_change" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "at" DATETIME NOT NULL, "kind"
       TEXT NOT NULL, "subject_uid" TEXT NOT NULL, "desk_uid" TEXT NOT NULL,
       "desk_name" TEXT NOT NULL, "department_name" TEXT NOT NULL, "before" TEXT
       NOT NULL, "after" TEXT NOT NULL, "effective_on" DATE NOT NULL, "basis" TEXT
       NOT NULL, "person_uid" TEXT NOT NULL, "person_name" TEXT NOT NULL)""",
    """CREATE TABLE "loan" ("uid" TEXT NOT NULL PRIMARY KEY, "revision" INTEGER NOT
       NULL, "station" TEXT NOT NULL, "number" TEXT NOT NULL, "desk_uid" TEXT NOT
       NULL, "desk_name" TEXT NOT NULL, "department_uid" TEXT NOT NULL,
       "department_name" TEXT NOT NULL, "what" TEXT NOT NULL, "quantity" INTEGER
       NOT NULL, "student_uid" TEXT NOT NULL, "student_number" TEXT NOT NULL,
       "borrower_name" TEXT NOT NULL, "organisation" TEXT NOT NULL, "phone" TEXT
       NOT NULL, "purpose" TEXT NOT NULL, "approver" TEXT NOT NULL, "lender_uid"
       TEXT NOT NULL, "lender_name" TEXT NOT NULL, "lent_at" DATETIME NOT NULL,
       "due_back_on" DATE NOT NULL, "extensions" TEXT NOT NULL, "returns" TEXT NOT
       NULL, "returned_quantity" INTEGER NOT NULL, "returned_at" DATETIME, "note"
       TEXT NOT NULL, "is_void" INTEGER NOT NULL, "void_reason" TEXT NOT NULL)""",
    """CREATE TABLE "pinned_service" ("id" INTEGER NOT NULL PRIMARY KEY, "item_uid"
       TEXT NOT NULL, "position" INTEGER NOT NULL)""",
    """CREATE TABLE "seal_disposal" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "seal_uid" TEXT NOT NULL,
       "seal_name" TEXT NOT NULL, "department_uid" TEXT NOT NULL, "department_name"
       TEXT NOT NULL, "kind" TEXT NOT NULL, "on" DATE NOT NULL, "at" DATETIME NOT
       NULL, "reason" TEXT NOT NULL, "approver" TEXT NOT NULL, "giver_name" TEXT
       NOT NULL, "receiver_uid" TEXT NOT NULL, "receiver_name" TEXT NOT NULL,
       "place" TEXT NOT NULL, "method" TEXT NOT NULL, "witnesses" TEXT NOT NULL,
       "desk_name" TEXT NOT NULL, "person_uid" TEXT NOT NULL, "person_name" TEXT
       NOT NULL, "note" TEXT NOT NULL)""",
    """CREATE TABLE "seal_outing" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "seal_uid" TEXT NOT NULL,
       "seal_name" TEXT NOT NULL, "department_uid" TEXT NOT NULL, "desk_uid" TEXT
       NOT NULL, "desk_name" TEXT NOT NULL, "unit" TEXT NOT NULL, "applicant" TEXT
       NOT NULL, "reason" TEXT NOT NULL, "place" TEXT NOT NULL, "approver" TEXT NOT
       NULL, "carrier_uid" TEXT NOT NULL, "carrier_name" TEXT NOT NULL, "out_at"
       DATETIME NOT NULL, "due_back_at" DATETIME NOT NULL, "returned_at" DATETIME,
       "documents" TEXT NOT NULL, "copies" INTEGER NOT NULL, "checker_uid" TEXT NOT
       NULL, "checker_name" TEXT NOT NULL, "condition" TEXT NOT NULL, "note" TEXT
       NOT NULL)""",
    """CREATE TABLE "seal_reservation" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "seal_uid" TEXT NOT NULL,
       "seal_name" TEXT NOT NULL, "department_uid" TEXT NOT NULL, "desk_uid" TEXT
       NOT NULL, "desk_name" TEXT NOT NULL, "year" INTEGER NOT NULL, "first"
       INTEGER NOT NULL, "last" INTEGER NOT NULL, "for_day" DATE NOT NULL,
       "reserved_at" DATETIME NOT NULL, "person_uid" TEXT NOT NULL, "person_name"
       TEXT NOT NULL, "settled_at" DATETIME, "settler_uid" TEXT NOT NULL,
       "settler_name" TEXT NOT NULL, "used" INTEGER NOT NULL, "void_reason" TEXT
       NOT NULL)""",
    """CREATE TABLE "slip_template" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "kind" TEXT NOT NULL,
       "department_uid" TEXT NOT NULL, "department_name" TEXT NOT NULL, "version"
       INTEGER NOT NULL, "file_name" TEXT NOT NULL, "content" TEXT NOT NULL,
       "added_at" DATETIME NOT NULL, "author_uid" TEXT NOT NULL, "author_name" TEXT
       NOT NULL)""",
    """ALTER TABLE "stream" ADD COLUMN "relayed_upto" INTEGER NOT NULL DEFAULT 0""",
    """ALTER TABLE "department" ADD COLUMN "phone" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "desk" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1""",
    """ALTER TABLE "desk" ADD COLUMN "takes_enquiries" INTEGER NOT NULL DEFAULT 0""",
    """ALTER TABLE "seal" ADD COLUMN "aliases" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "seal" ADD COLUMN "material" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "seal" ADD COLUMN "engraving" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "seal" ADD COLUMN "storage_place" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "seal" ADD COLUMN "since_uid" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "seal" ADD COLUMN "numbers" TEXT NOT NULL DEFAULT '{}'""",
    """ALTER TABLE "seal" ADD COLUMN "ledger_station" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "seal_transfer" ADD COLUMN "kind" TEXT NOT NULL DEFAULT
       'handover'""",
    """ALTER TABLE "seal_transfer" ADD COLUMN "until" DATE""",
    """ALTER TABLE "seal_transfer" ADD COLUMN "approver" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "seal_transfer" ADD COLUMN "giver_signed" TEXT NOT NULL DEFAULT
       ''""",
    """ALTER TABLE "seal_transfer" ADD COLUMN "receiver_signed" TEXT NOT NULL
       DEFAULT ''""",
    """ALTER TABLE "seal_transfer" ADD COLUMN "witness_signed" TEXT NOT NULL
       DEFAULT ''""",
    """ALTER TABLE "seal_use" ADD COLUMN "late_entry" INTEGER NOT NULL DEFAULT 0""",
    """ALTER TABLE "seal_use" ADD COLUMN "entered_at" DATETIME""",
    """ALTER TABLE "seal_use" ADD COLUMN "corrects_uid" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "seal_use" ADD COLUMN "corrects_number" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "seal_use" ADD COLUMN "reservation_uid" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "service" ADD COLUMN "item_uid" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "service" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1""",
    """ALTER TABLE "service" ADD COLUMN "guide" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "service" ADD COLUMN "place" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "service" ADD COLUMN "phone" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "visit" ADD COLUMN "occasion_uid" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "visit" ADD COLUMN "follows_uid" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "visit" ADD COLUMN "follows_number" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "visit" ADD COLUMN "trip" INTEGER NOT NULL DEFAULT 1""",
    """ALTER TABLE "visit" ADD COLUMN "repeat_cause" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "visit" ADD COLUMN "materials_complete" INTEGER NOT NULL DEFAULT
       1""",
    """ALTER TABLE "visit_step" ADD COLUMN "by_desk_uid" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "visit_step" ADD COLUMN "by_desk_name" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "visit_step" ADD COLUMN "seen" TEXT NOT NULL DEFAULT '[]'""",
    """CREATE INDEX "booking_number" ON "booking" ("number")""",
    """CREATE INDEX "booking_starts_at" ON "booking" ("starts_at")""",
    """CREATE INDEX "booking_student_number" ON "booking" ("student_number")""",
    """CREATE INDEX "caserules_starts_on" ON "case_rules" ("starts_on")""",
    """CREATE INDEX "cataloguechange_at" ON "catalogue_change" ("at")""",
    """CREATE INDEX "loan_number" ON "loan" ("number")""",
    """CREATE INDEX "loan_student_number" ON "loan" ("student_number")""",
    """CREATE INDEX "loan_lent_at" ON "loan" ("lent_at")""",
    """CREATE INDEX "loan_out" ON "loan" ("desk_uid", "due_back_on") WHERE
       ("returned_at" IS NULL)""",
    """CREATE UNIQUE INDEX "pinnedservice_item_uid" ON "pinned_service"
       ("item_uid")""",
    """CREATE INDEX "sealdisposal_seal_uid" ON "seal_disposal" ("seal_uid")""",
    """CREATE INDEX "sealouting_seal_uid" ON "seal_outing" ("seal_uid")""",
    """CREATE INDEX "sealouting_out_at" ON "seal_outing" ("out_at")""",
    """CREATE INDEX "sealreservation_seal_uid" ON "seal_reservation" ("seal_uid")""",
    """CREATE INDEX "seal_use_lists" ON "seal_use" ("students", "uid") WHERE
       ("students" != '[]')""",
    """CREATE INDEX "service_item_uid" ON "service" ("item_uid")""",
    """CREATE INDEX "sliptemplate_kind" ON "slip_template" ("kind")""",
    """CREATE INDEX "visit_follows_uid" ON "visit" ("follows_uid")""",
    """CREATE INDEX "visit_step_closing" ON "visit_step" ("visit_uid") WHERE
       ("kind" IN ('finished', 'refused'))""",
    """CREATE INDEX "visit_step_reopened" ON "visit_step" ("visit_uid") WHERE
       ("kind" = 'reopened')""",
    """CREATE TRIGGER catalogue_change_is_only_added BEFORE UPDATE ON
       "catalogue_change" BEGIN SELECT RAISE(ABORT, 'rows are only ever added');
       END""",
    """CREATE TRIGGER slip_template_is_only_added BEFORE UPDATE ON "slip_template"
       BEGIN SELECT RAISE(ABORT, 'rows are only ever added'); END""",
    """CREATE TRIGGER seal_disposal_is_only_added BEFORE UPDATE ON "seal_disposal"
       BEGIN SELECT RAISE(ABORT, 'rows are only ever added'); END""",
    *(
        f"""CREATE TRIGGER {name}_is_never_deleted BEFORE DELETE ON "{name}"
        BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END"""
        for name in (
            "case_rules",
            "catalogue_change",
            "slip_template",
            "seal_disposal",
            "seal_outing",
            "seal_reservation",
            "loan",
            "booking",
        )
    ),
)

DRAFTS = (
    """CREATE TABLE "draft" ("id" INTEGER NOT NULL PRIMARY KEY, "place" TEXT NOT NULL,
       "person_uid" TEXT NOT NULL, "person_name" TEXT NOT NULL, "payload" TEXT NOT
       NULL, "saved_at" DATETIME NOT NULL)""",
    """CREATE UNIQUE INDEX "draft_place" ON "draft" ("place")""",
    """ALTER TABLE "visit" ADD COLUMN "rated_by" TEXT NOT NULL DEFAULT ''""",
)

SYNC = (
    # When a batch of the stream was last read, be it an empty one.
    """ALTER TABLE "stream" ADD COLUMN "heard_at" DATETIME""",
    """ALTER TABLE "stream" ADD COLUMN "said_at" DATETIME""",
    # The last entry says it for what was read before.
    """UPDATE "stream" SET "heard_at" = (SELECT REPLACE(SUBSTR("at", 1, 19), 'T', ' ')
       FROM "journal" WHERE "journal"."stream" = "stream"."id" ORDER BY "seq" DESC
       LIMIT 1) WHERE NOT "own" """,
    # Epochs: on which machine, and whether the office has said what it holds.
    """ALTER TABLE "installation" ADD COLUMN "machine" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "installation" ADD COLUMN "awaits_office" INTEGER NOT NULL
       DEFAULT 0""",
    """CREATE TABLE "alarm" ("id" INTEGER NOT NULL PRIMARY KEY, "kind" TEXT NOT NULL,
       "station" TEXT NOT NULL, "about" TEXT NOT NULL, "text" TEXT NOT NULL, "found_at"
       DATETIME NOT NULL, "settled_at" DATETIME, "settled_by" TEXT NOT NULL,
       "settled_note" TEXT NOT NULL)""",
    """CREATE UNIQUE INDEX "alarm_kind_station_about" ON "alarm" ("kind", "station",
       "about")""",
    """CREATE TABLE "epoch_change" ("uid" TEXT NOT NULL PRIMARY KEY, "revision" INTEGER
       NOT NULL, "station" TEXT NOT NULL, "at" DATETIME NOT NULL, "epoch" TEXT NOT
       NULL, "before" TEXT NOT NULL, "reason" TEXT NOT NULL, "kept" INTEGER NOT
       NULL, "seen" INTEGER NOT NULL)""",
    """CREATE TRIGGER epoch_change_is_never_deleted BEFORE DELETE ON "epoch_change"
       BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END""",
    """CREATE TRIGGER epoch_change_is_only_added BEFORE UPDATE ON "epoch_change"
       BEGIN SELECT RAISE(ABORT, 'rows are only ever added'); END""",
    # When the office's keys were last put on sticks; why and where a PC was revoked.
    """ALTER TABLE "installation" ADD COLUMN "keys_saved_at" DATETIME""",
    """ALTER TABLE "station" ADD COLUMN "revoked_epoch" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "station" ADD COLUMN "revoked_reason" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "station" ADD COLUMN "revoked_at" DATETIME""",
    """ALTER TABLE "station" ADD COLUMN "replaces" TEXT NOT NULL DEFAULT ''""",
    # Since when the share has not been there.
    """ALTER TABLE "installation" ADD COLUMN "away_since" DATETIME""",
    # What went wrong and how it was settled; what was erased, and when it is due.
    """CREATE TABLE "settlement" ("uid" TEXT NOT NULL PRIMARY KEY, "revision" INTEGER
       NOT NULL, "station" TEXT NOT NULL, "at" DATETIME NOT NULL, "subject" TEXT NOT
       NULL, "about" TEXT NOT NULL, "about_station" TEXT NOT NULL, "about_table" TEXT
       NOT NULL, "row_uid" TEXT NOT NULL, "trouble" TEXT NOT NULL, "choice" TEXT NOT
       NULL, "reason" TEXT NOT NULL, "made_uid" TEXT NOT NULL, "person_uid" TEXT NOT
       NULL, "person_name" TEXT NOT NULL)""",
    """CREATE TABLE "erasure" ("uid" TEXT NOT NULL PRIMARY KEY, "revision" INTEGER
       NOT NULL, "station" TEXT NOT NULL, "at" DATETIME NOT NULL, "scope" TEXT NOT
       NULL, "cause" TEXT NOT NULL, "reason" TEXT NOT NULL, "student_uid" TEXT NOT
       NULL, "follows_uid" TEXT NOT NULL, "rows" TEXT NOT NULL, "person_uid" TEXT NOT
       NULL, "person_name" TEXT NOT NULL)""",
    """CREATE TABLE "erased_row" ("uid" TEXT NOT NULL PRIMARY KEY, "revision" INTEGER
       NOT NULL, "station" TEXT NOT NULL, "at" DATETIME NOT NULL, "erasure_uid" TEXT
       NOT NULL, "about_table" TEXT NOT NULL, "row_uid" TEXT NOT NULL, "upto" INTEGER
       NOT NULL, "rest" TEXT NOT NULL)""",
    """CREATE TABLE "retention_rules" ("uid" TEXT NOT NULL PRIMARY KEY, "revision"
       INTEGER NOT NULL, "station" TEXT NOT NULL, "starts_on" DATE NOT NULL,
       "desk_days" INTEGER, "visit_days" INTEGER, "loan_days" INTEGER, "booking_days"
       INTEGER, "student_days" INTEGER)""",
    """CREATE INDEX "settlement_about" ON "settlement" ("about")""",
    """CREATE INDEX "erasedrow_erasure_uid" ON "erased_row" ("erasure_uid")""",
    """CREATE INDEX "erasedrow_row_uid" ON "erased_row" ("row_uid")""",
    """CREATE INDEX "retentionrules_starts_on" ON "retention_rules" ("starts_on")""",
    """ALTER TABLE "stream" ADD COLUMN "asked" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "stream" ADD COLUMN "stale" INTEGER NOT NULL DEFAULT 0""",
    """ALTER TABLE "stream" ADD COLUMN "newer_from" INTEGER NOT NULL DEFAULT 0""",
    """ALTER TABLE "stream" ADD COLUMN "newer_schema" INTEGER NOT NULL DEFAULT 0""",
    """ALTER TABLE "quarantine" ADD COLUMN "size" INTEGER NOT NULL DEFAULT 0""",
    """ALTER TABLE "quarantine" ADD COLUMN "closed_at" DATETIME""",
    """ALTER TABLE "quarantine" ADD COLUMN "choice" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "conflict" ADD COLUMN "closed_at" DATETIME""",
    """ALTER TABLE "conflict" ADD COLUMN "choice" TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE "conflict" ADD COLUMN "set_aside" INTEGER NOT NULL DEFAULT 1""",
    *(
        f"""CREATE TRIGGER {name}_is_never_deleted BEFORE DELETE ON "{name}"
        BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END"""
        for name in ("settlement", "erasure", "erased_row", "retention_rules")
    ),
    *(
        f"""CREATE TRIGGER {name}_is_only_added BEFORE UPDATE ON "{name}"
        BEGIN SELECT RAISE(ABORT, 'rows are only ever added'); END"""
        for name in ("settlement", "erasure", "erased_row")
    ),
    # The journal's content and a step's note may be erased, and nothing else changed.
    "DROP TRIGGER journal_is_never_changed",
    """CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
       WHEN NEW.payload IS NOT NULL OR NEW.salt IS NOT NULL
         OR NEW.id IS DISTINCT FROM OLD.id
         OR NEW.stream IS DISTINCT FROM OLD.stream
         OR NEW.seq IS DISTINCT FROM OLD.seq OR NEW.at IS DISTINCT FROM OLD.at
         OR NEW.person IS DISTINCT FROM OLD.person
         OR NEW.table_name IS DISTINCT FROM OLD.table_name
         OR NEW.row_uid IS DISTINCT FROM OLD.row_uid
         OR NEW.revision IS DISTINCT FROM OLD.revision
         OR NEW.audience IS DISTINCT FROM OLD.audience
         OR NEW.digest IS DISTINCT FROM OLD.digest
         OR NEW.hash IS DISTINCT FROM OLD.hash
       BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    "DROP TRIGGER visit_step_is_only_added",
    """CREATE TRIGGER visit_step_is_only_added BEFORE UPDATE ON "visit_step"
       WHEN NEW."uid" IS DISTINCT FROM OLD."uid"
         OR NEW."revision" IS DISTINCT FROM OLD."revision"
         OR NEW."station" IS DISTINCT FROM OLD."station"
         OR NEW."visit_uid" IS DISTINCT FROM OLD."visit_uid"
         OR NEW."visit_number" IS DISTINCT FROM OLD."visit_number"
         OR NEW."kind" IS DISTINCT FROM OLD."kind"
         OR NEW."at" IS DISTINCT FROM OLD."at"
         OR NEW."person_uid" IS DISTINCT FROM OLD."person_uid"
         OR NEW."person_name" IS DISTINCT FROM OLD."person_name"
         OR NEW."desk_uid" IS DISTINCT FROM OLD."desk_uid"
         OR NEW."desk_name" IS DISTINCT FROM OLD."desk_name"
         OR NEW."due_on" IS DISTINCT FROM OLD."due_on"
         OR (NEW."note" IS DISTINCT FROM OLD."note"
             AND NEW."note" IS DISTINCT FROM '')
         OR NEW."by_desk_uid" IS DISTINCT FROM OLD."by_desk_uid"
         OR NEW."by_desk_name" IS DISTINCT FROM OLD."by_desk_name"
         OR NEW."seen" IS DISTINCT FROM OLD."seen"
       BEGIN SELECT RAISE(ABORT, 'rows are only ever added'); END""",
)
