"""What tests of reporting do with figures."""

from reporting.figures import Facts, figure_of


def compute(code, region, year, facts=None):
    """The figure for a region in a year, counted now."""
    return figure_of(code).work(facts or Facts(year), region)
