"""Builders: plain functions with keyword overrides, one file for a street."""
