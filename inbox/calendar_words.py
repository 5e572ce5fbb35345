"""The Dutch names of months and weekdays, in lower case and without accents. Dates are read elsewhere."""

from collections.abc import Mapping

WEEKDAYS: Mapping[str, int] = {
    "maandag": 0, "dinsdag": 1, "woensdag": 2, "donderdag": 3, "vrijdag": 4, "zaterdag": 5, "zondag": 6,
}  # fmt: skip
"""Monday is 0."""
MONTHS: Mapping[str, int] = {
    "januari": 1, "februari": 2, "maart": 3, "april": 4, "mei": 5, "juni": 6, "juli": 7, "augustus": 8,
    "september": 9, "oktober": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mrt": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "okt": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
"""Whole names stand before short ones, so that a pattern of them all finds the whole name."""
