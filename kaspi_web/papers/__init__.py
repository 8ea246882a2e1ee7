"""What the bank says of a customer's deeds, on screen and on paper: receipts and statements.

`receipts` and `statements` gather the facts once, for the page and for the file alike; `pdf` and `spreadsheet` are
pure: facts in, bytes out. Setting a page takes a while: it is done in a thread, never inside a unit of work.
"""
