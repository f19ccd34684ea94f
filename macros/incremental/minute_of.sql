{#- Minutes from 1970 to the minute that holds a UTC timestamp, as a bigint. -#}
{% macro minute_of(timestamp) -%}
    {{ whole_quotient(epoch_microseconds(timestamp), 60000000) }}
{%- endmacro %}

{#- The UTC timestamp at which a minute begins: the inverse of minute_of(). -#}
{% macro minute_at(minute) -%}
    {{ add_microseconds("timestamp '1970-01-01 00:00:00'", '(' ~ minute ~ ') * 60000000') }}
{%- endmacro %}
