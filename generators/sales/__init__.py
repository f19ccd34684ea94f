"""The sales company: reference data, products, customers, orders, invoices and payments."""
