{#-
    The files behind absolute paths or URIs, or glob patterns of them, as a mapping from path to the value of an expression on
    Spark's binaryFile columns. Spark refuses a path that does not exist, but a brace pattern passes over those that are missing
    as long as one exists: of the project's own file that is certain; behind a URI, it is the lake's manifest or an error.
-#}
{% macro spark_files(patterns, expression='length') %}
    {% set root = patterns[0].split('/')[:3] | join('/') if '://' in patterns[0] else '' %}
    {% set anchor = lake_path() ~ '/manifest.json' if root else invocation_args_dict.project_dir ~ '/dbt_project.yml' %}
    {% set alternatives = [] %}
    {% for pattern in patterns + [anchor] %}
        {% do alternatives.append(pattern[(root | length) + 1:]) %}
    {% endfor %}
    {% set query %}
        select replace(path, 'file:', ''), {{ expression }}
        from binaryFile.`{{ root }}/{{ '{' ~ alternatives | join(',') ~ '}' }}`
    {% endset %}
    {% set found = run_query(query) %}
    {% set files = dict(zip(found.columns[0].values(), found.columns[1].values())) %}
    {% if anchor not in patterns %}
        {% do files.pop(anchor) %}
    {% endif %}
    {{ return(files) }}
{% endmacro %}
