"""Order lines by dbldatagen on a Spark of this machine, as Parquet: `python with_dbldatagen.py FOLDER ROWS`.

Columns and types are those that dbldatagen makes by itself: numbers in a range, values of a list with weights, dates and times,
and one that is computed from two others. No row knows of another.
"""

import sys

import dbldatagen
from pyspark.sql import SparkSession

folder, rows = sys.argv[1], int(sys.argv[2])
spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
lines = (
    dbldatagen.DataGenerator(spark, name="order_lines", rows=rows, partitions=8, randomSeed=1)
    .withColumn("order_id", "long", expr="id div 3 + 1000001")
    .withColumn("line_no", "int", expr="id % 3 + 1")
    .withColumn("customer_id", "long", minValue=100_000, maxValue=190_000, random=True)
    .withColumn("product_id", "int", minValue=1, maxValue=2_000, random=True)
    .withColumn("country_code", "string", values=["DE", "US", "GB", "JP"], weights=[6, 2, 1, 1], random=True)
    .withColumn("sales_channel", "string", values=["web", "mobile_app", "phone", "field_sales"], random=True)
    .withColumn("quantity", "int", minValue=1, maxValue=12, random=True)
    .withColumn("list_price", "decimal(18,2)", minValue=1.0, maxValue=900.0, step=0.01, random=True)
    .withColumn("net_amount", "decimal(18,2)", expr="quantity * list_price", baseColumn=["quantity", "list_price"])
    .withColumn("order_date", "date", begin="2023-01-01", end="2025-12-31", random=True)
    .withColumn("ordered_at", "timestamp", begin="2023-01-01 00:00:00", end="2025-12-31 23:59:59", random=True)
    .build()
)
lines.write.mode("overwrite").parquet(folder)
virtual_machine = spark.sparkContext._gateway.proc
spark.stop()
virtual_machine.stdin.close()
virtual_machine.wait()  # so that its time is counted
