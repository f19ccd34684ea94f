{#-
    Text in UTF-8 that was read as Latin-1 ('MÃ¼ller'), read again as it was meant ('Müller'). Any other text is left alone: only
    characters that are bytes, and bytes that are well-formed UTF-8, are taken for such a text.
-#}
{% macro mended_encoding(text) -%}
    {{ return(adapter.dispatch('mended_encoding', 'saltworks')(text)) }}
{%- endmacro %}

{% macro default__mended_encoding(text) -%}
    case
            when regexp_full_match({{ text }}, '{{ utf8_read_as_latin_1("\\x{%s}") }}')
                then decode(unhex(list_aggregate(
                    list_transform(
                        string_split({{ text }}, ''),
                        lambda letter: lpad(to_hex(unicode(letter)), 2, '0')
                    ),
                    'string_agg',
                    ''
                )))
            else {{ text }}
        end
{%- endmacro %}

{% macro postgres__mended_encoding(text) -%}
    case
            when {{ text }} ~ '^{{ utf8_read_as_latin_1("\\u00%s") }}$'
                then convert_from(convert_to({{ text }}, 'LATIN1'), 'UTF8')
            else {{ text }}
        end
{%- endmacro %}

{% macro spark__mended_encoding(text) -%}
    case
            when {{ text }} rlike r'^{{ utf8_read_as_latin_1("\\x{%s}") }}$'
                then decode(encode({{ text }}, 'ISO-8859-1'), 'UTF-8')
            else {{ text }}
        end
{%- endmacro %}

{#- The pattern of well-formed UTF-8 whose bytes became characters (RFC 3629), in an engine's spelling of a code point. -#}
{% macro utf8_read_as_latin_1(character) -%}
    {%- set follows = '[' ~ character % '80' ~ '-' ~ character % 'bf' ~ ']' -%}
    ([{{ character % '01' }}-{{ character % '7f' }}]
    {{- '|[' ~ character % 'c2' ~ '-' ~ character % 'df' ~ ']' ~ follows }}
    {{- '|[' ~ character % 'e0' ~ '-' ~ character % 'ef' ~ ']' ~ follows ~ '{2}' }}
    {{- '|[' ~ character % 'f0' ~ '-' ~ character % 'f4' ~ ']' ~ follows ~ '{3}' }})*
{%- endmacro %}
