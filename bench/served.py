"""The product's app with the bench's handler in it; served by the very words of `make run`."""

# The State stands before the app is made, as every State of the product does.
from bench.noop import BenchState
from kaspi_web.kaspi_web import app

__all__ = ["BenchState", "app"]
