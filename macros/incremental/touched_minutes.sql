{#-
    Minutes of these dates whose readings are not those that the minutes of the last run hold. Counts, not a watermark: a reading
    may be found after others that arrived later.
-#}
{% macro touched_minutes(dates) -%}
    select arrived.reading_bucket_key
    from (
        select
            {{ reading_bucket_key('tag_id', 'measured_at') }} as reading_bucket_key,
            count(*) as reading_count,
            max(ingested_at) as last_ingested_at
        from {{ source('historian', 'readings') }}
        where {{ dates }}
        group by {{ reading_bucket_key('tag_id', 'measured_at') }}
    ) as arrived
    left join (
        select *
        from (select *, bucket_date as event_date from {{ this }}) as minutes
        where {{ dates }}
    ) as known
        on
            known.reading_bucket_key = arrived.reading_bucket_key
            and known.reading_count = arrived.reading_count
            and known.last_ingested_at = arrived.last_ingested_at
    where known.reading_bucket_key is null
{%- endmacro %}


{#-
    Dates of which a tenant's readings are not those that the last run saw: days are compared first, so that an old reading costs
    no more than its own day.
-#}
{% macro changed_days() -%}
    select distinct found.event_date
    from (
        select
            org_id,
            event_date,
            count(*) as reading_count,
            max(ingested_at) as last_ingested_at
        from {{ source('historian', 'readings') }}
        group by org_id, event_date
    ) as found
    left join (
        select
            org_id,
            bucket_date,
            cast(sum(reading_count) as bigint) as reading_count,
            max(last_ingested_at) as last_ingested_at
        from {{ this }}
        group by org_id, bucket_date
    ) as known
        on
            found.org_id = known.org_id
            and found.event_date = known.bucket_date
            and found.reading_count = known.reading_count
            and found.last_ingested_at = known.last_ingested_at
    where known.org_id is null
{%- endmacro %}


{#- The source's readings of these dates. -#}
{% macro readings_of(dates) -%}
    select * from {{ source('historian', 'readings') }} where {{ dates }}
{%- endmacro %}
