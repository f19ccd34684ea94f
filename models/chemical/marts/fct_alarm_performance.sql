{%- set interval_count = 'cast(rates.observed_day_count * 144 as ' ~ type_double() ~ ')' -%}
{%- set annunciation_count =
    'cast(nullif(burdens.annunciation_count, 0) as ' ~ type_double() ~ ')' -%}
{%- set figures = {
    'alarms_per_day': 'rates.annunciation_count * 144 / ' ~ interval_count,
    'alarms_per_hour': 'rates.annunciation_count * 6 / ' ~ interval_count,
    'alarms_per_10_minutes': 'rates.annunciation_count / ' ~ interval_count,
    'peak_per_minute': 'rates.peak_per_minute',
    'peak_per_10_minutes': 'rates.peak_per_10_minutes',
    'peak_per_hour': 'rates.peak_per_hour',
    'percent_of_intervals_above_10': '100 * rates.crowded_interval_count / ' ~ interval_count,
    'percent_of_time_in_flood': '100 * rates.flood_interval_count / ' ~ interval_count,
    'percent_from_top_10': '100 * burdens.top_ten_count / ' ~ annunciation_count,
    'chattering_alarms': 'burdens.chattering_alarm_count',
    'fleeting_alarms': 'burdens.fleeting_alarm_count',
    'stale_alarms': 'burdens.stale_alarm_count',
    'percent_low': '100 * burdens.low_count / ' ~ annunciation_count,
    'percent_medium': '100 * burdens.medium_count / ' ~ annunciation_count,
    'percent_high': '100 * burdens.high_count / ' ~ annunciation_count,
    'median_seconds_to_acknowledge': 'burdens.median_seconds_to_acknowledge',
    'p90_seconds_to_acknowledge': 'burdens.p90_seconds_to_acknowledge',
} -%}
with

rates as (

    select * from {{ ref('int_console_alarm_rates') }}

),

burdens as (

    select * from {{ ref('int_console_alarm_burdens') }}

),

targets as (

    select * from {{ ref('alarm_performance_targets') }}

),

measured as (

    select
        rates.console_month_key,
        rates.org_id,
        rates.site_id,
        rates.plant_id,
        rates.console_code,
        targets.figure,
        rates.observed_day_count,
        rates.annunciation_count,
        case targets.figure
            {%- for figure, measure in figures.items() %}
            when '{{ figure }}' then {{ as_rate(measure) }}
            {%- endfor %}
        end as measured_value,
        rates.month_date
    from rates
    inner join burdens
        on rates.console_month_key = burdens.console_month_key
    cross join targets

),

final as (

    select
        {{ surrogate_key(['measured.console_month_key', 'measured.figure']) }}
            as alarm_performance_key,
        measured.org_id,
        measured.site_id,
        measured.plant_id,

        measured.console_code,
        measured.figure,
        targets.statement,
        targets.unit,
        targets.standard,
        targets.comparison,
        case
            when
                targets.comparison = 'none'
                or measured.annunciation_count < targets.needed_annunciations
                then 'not judged'
            when targets.comparison = 'below' and measured.measured_value < targets.target_value
                then 'within target'
            when targets.comparison = 'at most' and measured.measured_value <= targets.target_value
                then 'within target'
            when targets.comparison = 'at least' and measured.measured_value >= targets.target_value
                then 'within target'
            when
                targets.comparison = 'at most'
                and measured.measured_value <= targets.limit_value
                then 'within limit'
            else 'beyond'
        end as verdict,

        measured.measured_value,
        targets.target_value,
        targets.limit_value,
        measured.annunciation_count,
        measured.observed_day_count,

        measured.month_date
    from measured
    inner join targets
        on measured.figure = targets.figure

)

select * from final
