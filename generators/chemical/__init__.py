"""The fleet of chemical plants: who owns them, what stands in them, and what their instruments reported."""
