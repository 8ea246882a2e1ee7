"""Loops over the database: what must happen outside, or later, is a row, and a loop here does it.

No work is remembered in memory: whatever is interrupted is found again by the next process.
"""
