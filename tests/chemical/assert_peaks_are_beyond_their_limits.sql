{#-
    A returned row is an episode of a limit whose peak is not beyond the limit, or is less extreme than the reading that raised
    it, or is missing.
-#}
select
    alarm_episode_id,
    condition,
    limit_value,
    raised_value,
    peak_value
from {{ ref('fct_alarms') }}
where
    condition <> 'BADPV'
    and (
        peak_value is null
        or (condition in ('PVHH', 'PVHI') and peak_value <= limit_value)
        or (condition in ('PVHH', 'PVHI') and peak_value < raised_value)
        or (condition in ('PVLO', 'PVLL') and peak_value >= limit_value)
        or (condition in ('PVLO', 'PVLL') and peak_value > raised_value)
    )
