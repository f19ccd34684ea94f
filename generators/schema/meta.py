"""Source `meta`: how the lake was made."""

from generators.schema.table import Column, Source, Table, Type

GENERATION_MANIFEST = Table(
    source="meta",
    name="generation_manifest",
    description="One row per file of the lake: the manifest as a table, for row-count checks inside the warehouse.",
    key=("path",),
    updated_column="horizon_at",
    columns=(
        Column("path", Type.STRING, "Path of the file below the lake."),
        Column("table_name", Type.STRING, "Raw table, source.table."),
        Column("part", Type.STRING, "Part of the plan that wrote the file."),
        Column("row_count", Type.BIGINT, "Rows in the file.", unit="rows"),
        Column("byte_count", Type.BIGINT, "Size of the file.", unit="bytes"),
        Column("sha256", Type.STRING, "Checksum of the file, hexadecimal."),
        Column("preset", Type.STRING, "Preset of the run."),
        Column("seed", Type.BIGINT, "Seed of the run."),
        Column("version", Type.STRING, "Version of Saltworks that generated the lake."),
        Column("horizon_at", Type.TIMESTAMP, "End of the generated time.", unit="UTC"),
    ),
)

SOURCE = Source(
    name="meta",
    domain="shared",
    description="How the lake was made: file by file, with rows, bytes and checksums.",
    tables=(GENERATION_MANIFEST,),
)
