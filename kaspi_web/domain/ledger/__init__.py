"""Accounts, entries, postings and holds: the only room in which money moves.

Nobody else writes these tables. Entries and postings are never updated or deleted; the database refuses it.
"""
