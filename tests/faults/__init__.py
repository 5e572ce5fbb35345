"""Faults made on purpose around the service as a real process: processes killed, disks full, lines cut."""

import pytest

pytest.register_assert_rewrite("tests.faults.reckoning")
