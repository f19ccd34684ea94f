-- Which analysers disagree with the laboratory?
-- Answer: one row per analyser: how far it read above the laboratory on average, how much this
-- scatters, in per cent of the range, and the difference in its own standard errors.
-- Look for: beyond two or three standard errors the difference is not chance: calibrate. The same
-- sign on all analysers of a site points at the laboratory.

with

results as (

    select * from {{ ref('fct_lab_results') }}

),

tags as (

    select * from {{ ref('dim_tags') }}

),

per_tag as (

    select
        tag_id,
        count(*) as result_count,
        avg(difference_percent_of_range) as mean_difference,
        stddev_samp(difference_percent_of_range) as scatter
    from results
    where
        difference_percent_of_range is not null
        and online_quality >= 192
    group by tag_id

)

select
    tags.org_name,
    tags.site_name,
    tags.unit_name,
    tags.tag_name,
    tags.tag_description,
    per_tag.result_count,
    cast(per_tag.mean_difference as decimal(8, 3)) as mean_difference_percent,
    cast(per_tag.scatter as decimal(8, 3)) as scatter_percent,
    cast(
        abs(per_tag.mean_difference) * sqrt(per_tag.result_count) / nullif(per_tag.scatter, 0)
        as decimal(8, 1)
    ) as standard_errors
from per_tag
inner join tags
    on per_tag.tag_id = tags.tag_id
order by
    coalesce(
        abs(per_tag.mean_difference) * sqrt(per_tag.result_count) / nullif(per_tag.scatter, 0), 0
    ) desc,
    tags.tag_name asc,
    tags.org_name asc
