"""Simulated billers: a real HTTP server that speaks check/pay, as a process of its own.

    python -m kaspi_web.simulators.biller --port 3100 --data-dir data

Every owner and address is invented. Beside some 200 accounts that are the same on every start,
`almaty-energo` has accounts made for demos (and so has `astana-energo`, with 21 before the number):

    account    owes, ₸    what it shows
    04512287  20 000.00   pays at once; the bonus story
    04512295   4 812.40   pays at once, below the sum that needs a code
    04512303       0.00   nothing owed; a payment is an advance
    04512311   7 350.00   paid, but answers 90 (not finished) for two minutes, then 0
    04512329   3 126.75   the first three answers to a payment are 1 (temporary), then 0
    04512337   9 999.99   check is fine, payment is refused for good (7)
    04512345   1 500.00   inactive (79)
    04512352     -640.15  paid in advance

It imports the kernel only and knows nothing of the bank.
"""
