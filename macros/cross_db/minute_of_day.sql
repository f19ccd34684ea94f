{#- Minutes since midnight of a UTC timestamp, as a bigint. -#}
{% macro minute_of_day(timestamp) -%}
    cast(extract(hour from {{ timestamp }}) * 60 + extract(minute from {{ timestamp }}) as bigint)
{%- endmacro %}
