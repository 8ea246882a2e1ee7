"""Simulated billers: a real HTTP server that speaks check/pay in two dialects, as a process of its own.

    python -m kaspi_web.simulators.biller --port 3100 --data-dir data

Who they are and what they play is in the data files of services; every owner and address is invented.
docs/simulators.md lists the accounts that are made for demos. It imports the kernel only and knows nothing of the bank.
"""
