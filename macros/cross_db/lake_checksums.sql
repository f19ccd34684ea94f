{#- A mapping from path to sha256 (hexadecimal) of those of the files that exist. -#}
{% macro lake_checksums(paths) %}
    {{ return(adapter.dispatch('lake_checksums', 'saltworks')(paths)) }}
{% endmacro %}

{% macro duckdb__lake_checksums(paths) %}
    {% set query %}
        select filename, sha256(content)
        from read_blob((select list(file) from glob(['{{ paths | join("', '") }}'])))
    {% endset %}
    {{ return(dict(run_query(query).rows)) }}
{% endmacro %}
