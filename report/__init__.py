"""What people see of a warehouse without writing SQL."""
