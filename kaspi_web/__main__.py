"""`python -m kaspi_web run|migrate|check-migrations|audit|reconcile|settle|services|goods|reset`."""

from __future__ import annotations

import sys

from kaspi_web.commands.words import main

sys.exit(main(sys.argv[1:]))
