{#-
    The files behind absolute paths or glob patterns, as a mapping from path to the value of an expression on Spark's
    binaryFile columns. Spark refuses a path that does not exist, but a brace pattern passes over those that are missing as
    long as one exists: the project's own file always does.
-#}
{% macro spark_files(patterns, expression='length') %}
    {% set anchor = invocation_args_dict.project_dir ~ '/dbt_project.yml' %}
    {% set alternatives = [] %}
    {% for pattern in patterns + [anchor] %}
        {% do alternatives.append(pattern[1:]) %}
    {% endfor %}
    {% set query %}
        select replace(path, 'file:', ''), {{ expression }}
        from binaryFile.`/{{ '{' ~ alternatives | join(',') ~ '}' }}`
    {% endset %}
    {% set found = run_query(query) %}
    {% set files = dict(zip(found.columns[0].values(), found.columns[1].values())) %}
    {% do files.pop(anchor) %}
    {{ return(files) }}
{% endmacro %}
