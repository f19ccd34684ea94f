"""Source `ref`: reference data that the whole company shares."""

from generators.schema.table import CREATED_AT, UPDATED_AT, Column, Source, Table, Type, references

COUNTRIES = Table(
    source="ref",
    name="countries",
    description="One row per country in which the company sells.",
    key=("country_code",),
    updated_column="updated_at",
    columns=(
        Column("country_code", Type.STRING, "ISO 3166-1 alpha-2 code.", unit="ISO 3166-1"),
        Column("country_name", Type.STRING, "English short name of the country."),
        Column("region_name", Type.STRING, "Sales region: Western Europe, Asia Pacific, and so on."),
        Column("market_code", Type.STRING, "Market whose price list applies in the country."),
        Column("currency_code", Type.STRING, "Currency in which the country's customers are invoiced.", unit="ISO 4217"),
        Column("locale_code", Type.STRING, "Main locale, language_TERRITORY.", unit="CLDR locale"),
        Column("time_zone", Type.STRING, "Main time zone; gives the local time of orders.", unit="IANA zone"),
        Column("hemisphere", Type.STRING, "Hemisphere, which turns the seasons.", accepted=("north", "south")),
        Column("weekend_days", Type.STRING, "ISO numbers of the weekly days of rest, comma separated: 6,7 or 5,6."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("market_code", "ref.markets"), references("currency_code", "ref.currencies")),
)

MARKETS = Table(
    source="ref",
    name="markets",
    description="One row per market: a group of countries that share one price list in one currency.",
    key=("market_code",),
    updated_column="updated_at",
    columns=(
        Column("market_code", Type.STRING, "Code of the market."),
        Column("market_name", Type.STRING, "English name of the market."),
        Column("currency_code", Type.STRING, "Currency of the market's price list.", unit="ISO 4217"),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("currency_code", "ref.currencies"),),
)

CURRENCIES = Table(
    source="ref",
    name="currencies",
    description="One row per currency in use.",
    key=("currency_code",),
    updated_column="updated_at",
    columns=(
        Column("currency_code", Type.STRING, "ISO 4217 code.", unit="ISO 4217"),
        Column("currency_name", Type.STRING, "English name of the currency."),
        Column("minor_unit_digits", Type.SMALLINT, "Decimal places of the currency's smallest unit: 2 for EUR, 0 for JPY."),
        CREATED_AT,
        UPDATED_AT,
    ),
)

FX_RATES = Table(
    source="ref",
    name="fx_rates",
    description=(
        "One row per currency and business day, Monday to Friday. Rates are against the euro; a week-end takes the rate of the"
        " Friday before, and the table starts with the last business day on or before the first day of sales. The euro itself"
        " stands in the table with rate 1."
    ),
    key=("currency_code", "rate_date"),
    updated_column="updated_at",
    columns=(
        Column("currency_code", Type.STRING, "Quoted currency.", unit="ISO 4217"),
        Column("rate_date", Type.DATE, "Business day of the fixing."),
        Column("units_per_eur", Type.RATE, "Units of the currency for one euro."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("currency_code", "ref.currencies"),),
)

TAX_RATES = Table(
    source="ref",
    name="tax_rates",
    description=(
        "One row per country, tax class and first day of validity. A rate holds until the next one. Federal tax alone for CA;"
        " 0 for the US, whose sales taxes are levied by states and cities outside of this company's invoices."
    ),
    key=("country_code", "tax_class", "effective_from"),
    updated_column="updated_at",
    columns=(
        Column("country_code", Type.STRING, "Country that levies the tax.", unit="ISO 3166-1"),
        Column("tax_class", Type.STRING, "Tax class of the product.", accepted=("standard", "reduced")),
        Column("effective_from", Type.DATE, "First day on which the rate holds."),
        Column("tax_rate", Type.RATE, "Rate as a share of the net amount: 0.19 for 19 %."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("country_code", "ref.countries"),),
)

COUNTRY_HOLIDAYS = Table(
    source="ref",
    name="country_holidays",
    description="One row per country, day and name of a public holiday.",
    key=("country_code", "holiday_date", "holiday_name"),
    updated_column="updated_at",
    columns=(
        Column("country_code", Type.STRING, "Country that keeps the holiday.", unit="ISO 3166-1"),
        Column("holiday_date", Type.DATE, "Day of the holiday."),
        Column("holiday_name", Type.STRING, "Name of the holiday in English where one exists."),
        CREATED_AT,
        UPDATED_AT,
    ),
    foreign_keys=(references("country_code", "ref.countries"),),
)

SOURCE = Source(
    name="ref",
    domain="sales",
    description="Reference data shared by the whole company: countries, markets, currencies, exchange and tax rates, holidays.",
    tables=(COUNTRIES, MARKETS, CURRENCIES, FX_RATES, TAX_RATES, COUNTRY_HOLIDAYS),
)
