-- One row per organization and hour with annunciated alarms.
select
    organizations.org_name as organization,
    date_trunc('hour', alarms.annunciated_at) as hour,
    cast(sum(alarms.annunciation_count) as bigint) as alarms
from chemical.fct_alarms as alarms
inner join chemical.dim_organizations as organizations
    on alarms.org_id = organizations.org_id
where alarms.is_annunciated
group by organization, hour
order by organization asc, hour asc
