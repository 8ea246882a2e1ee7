"""The kill suite; what its helpers assert is told in full."""

import pytest

pytest.register_assert_rewrite("tests.kill.books", "tests.kill.paying")
