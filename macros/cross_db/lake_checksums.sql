{#- A mapping from path to sha256 (hexadecimal) of those of the files that exist. -#}
{% macro lake_checksums(paths) %}
    {{ return(adapter.dispatch('lake_checksums', 'saltworks')(paths)) }}
{% endmacro %}

{% macro default__lake_checksums(paths) %}
    {% set existing = run_query("select file from glob(['" ~ paths | join("', '") ~ "'])").columns[0].values() %}
    {% if not existing %}
        {{ return({}) }}
    {% endif %}
    {% set query = "select filename, sha256(content) from read_blob(['" ~ existing | join("', '") ~ "'])" %}
    {% set found = run_query(query) %}
    {{ return(dict(zip(found.columns[0].values(), found.columns[1].values()))) }}
{% endmacro %}

{% macro spark__lake_checksums(paths) %}
    {{ return(spark_files(paths, 'sha2(content, 256)')) }}
{% endmacro %}
