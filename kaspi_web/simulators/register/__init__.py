"""The simulated population register: a real HTTP server that issues IINs to invented people, as a process of its own.

    REGISTER_SECRET=... python -m kaspi_web.simulators.register --port 3102 --data-dir data

It imports the kernel only and knows nothing of the bank. What it holds is nobody's real number, yet it is treated
as if it were: an IIN travels in bodies, never in an address, and nothing is logged.
"""
