-- One row per type of customer, quarter of the first order and quarter since then: the share of the
-- cohort that ordered in a month of that quarter, on average.
select
    customer_type,
    cast(date_trunc('quarter', cohort_month) as timestamp) as cohort,
    strftime(date_trunc('quarter', cohort_month), '%Y')
    || ' Q'
    || quarter(cohort_month) as cohort_name,
    cast(floor((months_since_first_order - 1) / 3) + 1 as integer) as quarters_since,
    cast(sum(active_customer_count) / sum(cohort_size) as double) as retention
from sales.fct_customer_cohorts
where months_since_first_order >= 1
group by customer_type, cohort, cohort_name, quarters_since
order by customer_type asc, cohort asc, quarters_since asc
