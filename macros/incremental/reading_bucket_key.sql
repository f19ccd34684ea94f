{#-
    Key of the tag's bucket that begins in a minute: tag_id × 10^9 + minutes since 1970, so tag 12003 at 2026-01-01 00:00 UTC is
    12003029453760. The same bucket start has the same key at every level.
-#}
{% macro reading_bucket_key(tag_id, bucket_at) -%}
    cast({{ tag_id }} as bigint) * 1000000000
    + {{ minute_of(bucket_at) }}
{%- endmacro %}
