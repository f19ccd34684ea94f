-- One row per verdict on a tag's day.
select
    verdict,
    count(*) as tag_days,
    count(distinct tag_id) as tags,
    count(*) / sum(count(*)) over () as share,
    avg(percent_good) as percent_good
from chemical.fct_tag_health
group by verdict
order by tag_days desc, verdict asc
