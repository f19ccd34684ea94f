-- Do instruments that measure the same thing agree?
-- Answer: pairs of tags of one piece of equipment with the same function and range, and how far
-- apart their hourly averages were, in per cent of the range.
-- Look for: a mean difference of a few tenths is the instruments' own error. A worst hour of one
-- per cent and more beside a small mean is a drift, or a value that froze.

with

hours as (

    select * from {{ ref('fct_readings_by_hour') }}

),

tags as (

    select * from {{ ref('dim_tags') }}

),

pairs as (

    select
        first_tags.tag_id as first_tag_id,
        second_tags.tag_id as second_tag_id,
        first_tags.org_name,
        first_tags.unit_name,
        first_tags.equipment_name,
        first_tags.tag_name as first_tag_name,
        second_tags.tag_name as second_tag_name,
        first_tags.range_high - first_tags.range_low as span
    from tags as first_tags
    inner join tags as second_tags
        on
            first_tags.equipment_id = second_tags.equipment_id
            and first_tags.unit_of_measure = second_tags.unit_of_measure
            and first_tags.range_low = second_tags.range_low
            and first_tags.range_high = second_tags.range_high
            and first_tags.normal_value = second_tags.normal_value
            and first_tags.tag_id < second_tags.tag_id
    where
        first_tags.tag_role = 'PV'
        and second_tags.tag_role = 'PV'

),

differences as (

    select
        pairs.first_tag_id,
        pairs.second_tag_id,
        100 * abs(first_hours.average - second_hours.average) / pairs.span as difference_percent
    from pairs
    inner join hours as first_hours
        on pairs.first_tag_id = first_hours.tag_id
    inner join hours as second_hours
        on
            pairs.second_tag_id = second_hours.tag_id
            and first_hours.bucket_at = second_hours.bucket_at

),

per_pair as (

    select
        first_tag_id,
        second_tag_id,
        avg(difference_percent) as mean_difference_percent,
        max(difference_percent) as worst_difference_percent
    from differences
    group by
        first_tag_id,
        second_tag_id

)

select
    pairs.org_name,
    pairs.unit_name,
    pairs.equipment_name,
    pairs.first_tag_name,
    pairs.second_tag_name,
    cast(per_pair.mean_difference_percent as decimal(8, 3)) as mean_difference_percent,
    cast(per_pair.worst_difference_percent as decimal(8, 3)) as worst_difference_percent
from per_pair
inner join pairs
    on
        per_pair.first_tag_id = pairs.first_tag_id
        and per_pair.second_tag_id = pairs.second_tag_id
order by
    worst_difference_percent desc,
    pairs.first_tag_name asc,
    pairs.second_tag_name asc,
    pairs.org_name asc
limit 50
