"""What is measured, against what: `make bench`. Not part of the product and not of its tests."""
