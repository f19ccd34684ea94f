{#-
    DuckDB, of the source's readings: tags and days that sums_in_file_order() can't add up. All others go back in time only once,
    at the day's beginning, so that they are one ascending chain in the files, without duplicates; their values and qualities
    are small enough for its bits, hold for a minute at least, and are of 1970 or later. `dates` is SQL of which dates are looked at.
-#}
{% macro tangled_tag_days(dates) -%}
    select
        followed.tag_id,
        cast(followed.measured_at as date) as measured_date
    from (
        select
            tag_id,
            measured_at,
            value,
            quality,
            lag(tag_id) over () as followed_tag_id,
            lag(measured_at) over () as followed_at
        from {{ source('historian', 'readings') }}
        where {{ dates }}
    ) as followed
    inner join {{ source('asset', 'tags') }} as tags
        on followed.tag_id = tags.tag_id
    where
        followed.followed_tag_id is distinct from followed.tag_id
        or followed.followed_at >= followed.measured_at
        or followed.followed_at < date_trunc('day', followed.measured_at)
        or abs(followed.value) > 131071 * tags.resolution
        or followed.quality not between 0 and 255
        or followed.measured_at < timestamp '1970-01-01'
    group by followed.tag_id, cast(followed.measured_at as date)
    having
        count(*) > 1
        or bool_or(abs(followed.value) > 131071 * tags.resolution)
        or bool_or(followed.quality not between 0 and 255)
        or min(tags.max_hold_seconds) < 60
        or min(followed.measured_at) < timestamp '1970-01-01'
{%- endmacro %}


{#- DuckDB: readings of the tags and days of a CTE, in order. They are chosen before anything is computed from them. -#}
{% macro readings_of_tag_days_in_order(dates, tag_days) -%}
    {{ readings_in_order(measured_readings(
        'select readings.* from (' ~ readings_of(dates) ~ ') as readings semi join ' ~ tag_days ~ ' as chosen '
        ~ 'on readings.tag_id = chosen.tag_id and cast(readings.measured_at as date) = chosen.measured_date'
    )) }}
{%- endmacro %}
