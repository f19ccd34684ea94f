"""Orders by plain Faker, row by row as its documentation shows, as Parquet: `python with_faker.py FOLDER ROWS`."""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from faker import Faker

folder, rows = Path(sys.argv[1]), int(sys.argv[2])
fake = Faker()
Faker.seed(1)
orders = [
    {
        "order_id": 1_000_001 + number,
        "customer_name": fake.name(),
        "email": fake.email(),
        "street": fake.street_address(),
        "city": fake.city(),
        "country_code": fake.country_code(),
        "phone_number": fake.phone_number(),
        "sales_channel": fake.random_element(("web", "mobile_app", "phone", "field_sales")),
        "quantity": fake.random_int(1, 12),
        "net_amount": fake.pydecimal(left_digits=4, right_digits=2, positive=True),
        "ordered_at": fake.date_time_this_decade(),
    }
    for number in range(rows)
]
folder.mkdir(parents=True, exist_ok=True)
pq.write_table(pa.Table.from_pylist(orders), folder / "orders.parquet")
