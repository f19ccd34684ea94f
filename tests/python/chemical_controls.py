"""What the dbt tests of the chemical plants must notice: corruptions of their raw tables and marts, by name."""

from __future__ import annotations

from tests.python.corruption import Control, changed

FIRST_TAG = "tag_id = (select min(tag_id) from rows)"
MODE_OF_A_LOOP = "tag_id = 1004"
FIRST_ALARM = "(select min(event_id) from rows where transition = 'ALM')"
RUN_STATE_TAG = 1010  # 11-XS-100
FIRST_HOUR = "measured_at < (select min(measured_at) from rows) + interval 1 hour"

CONTROLS = {
    "a bad reading with a value": Control(
        "historian.readings",
        "select * replace (coalesce(value, 0.0) as value) from rows",
        "assert_bad_readings_have_no_value",
    ),
    "a reading between two steps of the instrument": Control(
        "historian.readings",
        changed("value", "value + 0.00033", FIRST_TAG),
        "assert_values_are_whole_multiples_of_the_resolution",
    ),
    "a reading twice": Control(
        "historian.readings",
        f"select * from rows union all (select * from rows where {FIRST_TAG} limit 1)",
        "assert_readings_are_unique",
    ),
    "readings lost on the way": Control(
        "historian.readings",
        f"select * from rows where not ({FIRST_TAG} and {FIRST_HOUR})",
        "assert_files_agree_with_their_readings",
    ),
    "the owners have left": Control(
        "iam.memberships",
        changed("ended_at", "joined_at", "role_id = 101"),
        "assert_every_organization_has_an_active_owner",
    ),
    "keys older than the membership": Control(
        "iam.api_keys",
        changed("created_at", "created_at - interval 9 years", "api_key_id % 2 = 1"),
        "assert_api_keys_end_with_their_membership",
    ),
    "a login before the account": Control(
        "iam.users",
        changed("last_login_at", "created_at - interval 1 day", "user_id = (select min(user_id) from rows)"),
        "assert_accounts_are_used_while_they_are_open",
    ),
    "a drift that nobody calibrated away": Control(
        "cmms.calibrations",
        "select * from rows where reason <> 'drift'",
        "assert_calibrations_end_drifts",
    ),
    "an alarm that nobody recorded": Control(
        "alarm.events",
        f"select * from rows where event_id <> {FIRST_ALARM}",
        "assert_alarms_follow_from_readings_and_limits",
    ),
    "an alarm that never was": Control(
        "alarm.events",
        changed("occurred_at", "occurred_at + interval 1 second", f"event_id = {FIRST_ALARM}"),
        "assert_alarms_follow_from_readings_and_limits",
    ),
    "an alarm that was never raised": Control(
        "alarm.events",
        f"select * from rows where event_id <> {FIRST_ALARM}",
        "assert_episodes_conserve_the_journal",
    ),
    "an alarm acknowledged before it sounded": Control(
        "alarm.events",
        changed("occurred_at", "occurred_at - interval 1 hour", "transition = 'ACK'"),
        "assert_alarms_happen_in_order",
    ),
    "a limit that no reading passed": Control(
        "alarm.events",
        "select * replace ('PVHI' as condition, 1e9 as limit_value) from rows",
        "assert_peaks_are_beyond_their_limits",
    ),
    "a unit that stands although it never tripped": Control(
        "historian.readings",
        changed("value", "0.0", f"tag_id = {RUN_STATE_TAG} and {FIRST_HOUR}"),
        "assert_trips_are_found_again",
    ),
    "faults that were noticed before they began": Control(
        "truth.faults",
        "select * replace (started_at + interval 20 hours as started_at) from rows",
        "assert_every_fault_is_scored",
    ),
    "defects of days without readings": Control(
        "truth.defects",
        "select * replace (started_at + interval 20 days as started_at, ended_at + interval 20 days as ended_at) from rows",
        "assert_every_defect_is_scored",
    ),
    "work that was done before it began": Control(
        "cmms.work_order_events",
        changed("occurred_at", "occurred_at - interval 1 day", "event_kind = 'completed'"),
        "assert_work_orders_happen_in_order",
    ),
    "limits that were moved afterwards": Control(
        "asset.tag_limits",
        "select * replace (limit_value + 5 * deadband as limit_value) from rows",
        "assert_alarms_follow_from_readings_and_limits",
    ),
    "a phase that nobody recorded": Control(
        "batch.phases",
        "select * from rows where phase_no <> 6",
        "assert_phases_add_up_to_the_cycle_time",
    ),
    "a mode that no loop has": Control(
        "historian.readings",
        changed("value", "3.0", MODE_OF_A_LOOP),
        "assert_times_in_modes_add_up",
    ),
    "a failed sensor that says it is good": Control(
        "historian.readings",
        "select * replace (case when quality = 16 then 192 else quality end as quality) from rows",
        "assert_defects_are_seen_in_tag_health",
    ),
}

# What staging mends or refuses to take cannot be corrupted from outside: these damage the mart itself.
MART_CONTROLS = {
    "a month that counts an alarm too many": Control(
        "chemical.fct_alarm_performance",
        "select * replace (annunciation_count + 1 as annunciation_count) from rows",
        "assert_alarm_performance_agrees_with_the_alarms",
    ),
    "a minute that comes twice": Control(
        "intermediate.int_readings_by_minute",
        "select * from rows union all (select * from rows where reading_count > 0 limit 1)",
        "unique_number_int_readings_by_minute_reading_bucket_key",
    ),
    "a unit that is down twice at once": Control(
        "chemical.fct_unit_downtime",
        "select * from rows union all"
        " select * replace (unit_downtime_id + 1 as unit_downtime_id, started_at + interval 1 second as started_at) from rows",
        "assert_downtimes_do_not_overlap",
    ),
    "a result of the laboratory that is lost": Control(
        "chemical.fct_lab_results",
        "select * from rows where sample_id % 7 <> 0",
        "assert_every_laboratory_result_appears_once",
    ),
    "a page of the logbook that is torn out": Control(
        "chemical.fct_logbook_entries",
        "select * from rows where entry_id % 7 <> 0",
        "assert_every_entry_and_work_order_appears_once",
    ),
    "an online value of another moment": Control(
        "chemical.fct_lab_results",
        "select * replace (online_value * 1.01 as online_value) from rows",
        "assert_online_values_agree_with_the_roll_ups",
    ),
    "errors of the other sign": Control(
        "chemical.fct_control_loop_performance",
        "select * replace (-mean_error_percent as mean_error_percent) from rows",
        "assert_loop_errors_agree_with_the_daily_averages",
    ),
    "readings that follow none of their minute": Control(
        "intermediate.int_reading_minutes",
        "select * replace (link_count - 1 as link_count) from rows",
        "assert_readings_of_a_minute_are_one_chain",
    ),
    "a minute that no level knows": Control(
        "intermediate.int_reading_minutes",
        "select * from rows union all (select * replace (-1 as reading_bucket_key) from rows limit 1)",
        "assert_every_reading_is_in_one_minute",
    ),
    "an edge that has two values": Control(
        "intermediate.int_readings_by_minute",
        "select * replace (end_bound_eighths + 1 as end_bound_eighths) from rows",
        "assert_buckets_end_where_the_next_begins",
    ),
    "an hour that rose further than its quarters": Control(
        "intermediate.int_readings_by_hour",
        "select * replace (increase_steps + 1 as increase_steps) from rows",
        "assert_levels_conserve_counts_and_sums",
    ),
    "a day that arrived later than its readings": Control(
        "intermediate.int_readings_by_day",
        "select * replace (last_ingested_at + interval 1 second as last_ingested_at) from rows",
        "assert_days_equal_the_readings",
    ),
    "a local day that lasts too long": Control(
        "intermediate.int_readings_by_local_day",
        "select * replace (duration_bad_us + 90000000000 as duration_bad_us) from rows",
        "assert_minimum_average_and_maximum_are_in_order",
    ),
    "a day that looks better than its minutes": Control(
        "chemical.fct_tag_health",
        "select * replace (100 as percent_good) from rows",
        "assert_tag_health_agrees_with_the_minutes",
    ),
}
