{#-
    Turns the lake's tables into relations raw_<source>.<table>: views on DuckDB, external tables on Spark. On PostgreSQL
    it checks that ingestion has loaded them. A lake with a manifest is checked file by file against its checksums; a lake
    of one's own, without a manifest, is taken as it is.
-#}
{% macro register_lake() %}
    {% if execute %}
        {{ adapter.dispatch('register_lake', 'saltworks')() }}
    {% endif %}
{% endmacro %}


{% macro default__register_lake() %}
    {% set lake = lake_path() %}
    {% set manifest = read_manifest(lake) %}
    {% if manifest is not none %}
        {% do check_lake(lake, manifest) %}
    {% endif %}
    {% set tables = manifest.tables.keys() | list if manifest is not none else tables_of_own_lake(lake) %}
    {% set schemas = [] %}
    {% for table in tables %}
        {% set source, name = table.split('.') %}
        {% if source not in schemas %}
            {% do schemas.append(source) %}
            {% do run_query("create schema if not exists raw_" ~ source) %}
        {% endif %}
        {% do register_raw_table("raw_" ~ source, name, lake ~ "/" ~ source ~ "/" ~ name) %}
    {% endfor %}
{% endmacro %}


{#- The lake's absolute path or URI, so that relations keep working for clients in other folders. -#}
{% macro lake_path() %}
    {% set path = var('lake') or env_var('SALTWORKS_LAKE', '') or 'data/lake' %}
    {% set is_absolute = path.startswith('/') or '://' in path %}
    {{ return(path if is_absolute else invocation_args_dict.project_dir ~ '/' ~ path) }}
{% endmacro %}


{#- The manifest, or none for a lake of one's own. Stops with the command to run when there is no finished lake. -#}
{% macro read_manifest(lake) %}
    {% if lake_has(lake, 'manifest.json') %}
        {{ return(fromjson(read_lake_text(lake ~ '/manifest.json'))) }}
    {% endif %}
    {% if lake_has(lake, '_parts/scenario.json') %}
        {% do exceptions.raise_compiler_error(
            "the lake " ~ lake ~ " is unfinished: run `python generators/run.py … --resume` first"
        ) %}
    {% endif %}
    {% if tables_of_own_lake(lake) | length == 0 %}
        {% do exceptions.raise_compiler_error(
            "there is no lake in " ~ lake ~ ": run `python generators/run.py --preset medium`, or set SALTWORKS_LAKE"
        ) %}
    {% endif %}
    {{ return(none) }}
{% endmacro %}


{#- Declared tables that a lake without a manifest has a folder for. -#}
{% macro tables_of_own_lake(lake) %}
    {% set found = [] %}
    {% for source in graph.sources.values() %}
        {% if lake_has(lake, source.source_name ~ '/' ~ source.name) %}
            {% do found.append(source.source_name ~ '.' ~ source.name) %}
        {% endif %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}


{#- Compares every file with its checksum; files go in batches, since an engine may hold a whole batch in memory. -#}
{% macro check_lake(lake, manifest) %}
    {% set batch = {'expected': {}, 'bytes': 0} %}
    {% for table in manifest.tables.values() %}
        {% for file in table.files %}
            {% do batch.expected.update({lake ~ '/' ~ file.path: file.sha256}) %}
            {% do batch.update({'bytes': batch.bytes + file.bytes}) %}
            {% if batch.bytes > 100000000 %}
                {% do check_files(batch.expected) %}
                {% do batch.update({'expected': {}, 'bytes': 0}) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {% if batch.expected %}
        {% do check_files(batch.expected) %}
    {% endif %}
{% endmacro %}


{% macro check_files(expected) %}
    {% set found = lake_checksums(expected.keys() | list) %}
    {% for path, sha256 in expected.items() %}
        {% if found.get(path) != sha256 %}
            {% do exceptions.raise_compiler_error(
                path ~ (" was changed after it was generated" if path in found else " is missing")
                ~ ": run `python generators/run.py … --resume` with the options of the first run to mend the lake"
            ) %}
        {% endif %}
    {% endfor %}
{% endmacro %}


{#-
    On PostgreSQL ingestion makes the relations; here is only checked that it has finished, and that dbt may see the rows: a table
    whose policy is lost looks empty, and everything that is built from it would be.
-#}
{% macro postgres__register_lake() %}
    {% set command = "run `python ingest/run.py` first" %}
    {% if run_query("select to_regclass('ingest.loads')").rows[0][0] is none %}
        {% do exceptions.raise_compiler_error("this database holds no lake: " ~ command) %}
    {% endif %}
    {% if run_query("select 1 from ingest.loads where is_current").rows | length == 0 %}
        {% do exceptions.raise_compiler_error("no lake is loaded completely: " ~ command) %}
    {% endif %}
    {% set hidden = run_query("""
        select cast(cast(oid as regclass) as text)
        from pg_class
        where
            cast(cast(relnamespace as regnamespace) as text) like 'raw\_%'
            and relkind in ('r', 'p')
            and not relispartition
            and row_security_active(oid)
            and not exists (
                select 1
                from pg_policy
                where
                    polrelid = pg_class.oid
                    and polcmd in ('r', '*')
                    and cast(cast(current_user as regrole) as oid) = any(polroles)
                    and pg_get_expr(polqual, polrelid) = 'true'
            )
        order by 1
    """).columns[0].values() %}
    {% if hidden %}
        {% do exceptions.raise_compiler_error(
            "the rows of " ~ hidden | join(", ") ~ " are hidden from " ~ target.user
            ~ ", so that dbt would build from nothing: run `python ingest/run.py --init`, which writes the policies anew"
        ) %}
    {% endif %}
{% endmacro %}
