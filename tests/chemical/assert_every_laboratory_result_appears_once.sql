{#-
    A returned row is a sample of the laboratory that fct_lab_results lacks, has twice, or has with another value.
-#}
with

results as (

    select
        sample_id,
        count(*) as row_count,
        max(result_value) as result_value
    from {{ ref('fct_lab_results') }}
    group by sample_id

)

select
    coalesce(samples.sample_id, results.sample_id) as sample_id,
    results.row_count
from {{ ref('stg_lims__samples') }} as samples
full outer join results
    on samples.sample_id = results.sample_id
where
    samples.sample_id is null
    or results.sample_id is null
    or results.row_count <> 1
    or samples.value <> results.result_value
    or (samples.value is null) <> (results.result_value is null)
