{#- What high_bits() leaves over: the remainder of the division by 2^bits, as a bigint. -#}
{% macro low_bits(number, bits) -%}
    {{ return(adapter.dispatch('low_bits', 'saltworks')(number, bits)) }}
{%- endmacro %}

{% macro default__low_bits(number, bits) -%}
    cast(cast({{ number }} as hugeint) & {{ 2 ** bits - 1 }} as bigint)
{%- endmacro %}

{% macro postgres__low_bits(number, bits) -%}
    cast(mod({{ number }}, {{ 2 ** bits }}) as bigint)
{%- endmacro %}

{% macro spark__low_bits(number, bits) -%}
    cast(mod({{ number }}, {{ 2 ** bits }}) as bigint)
{%- endmacro %}
