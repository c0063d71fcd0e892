"""Ways to make a clock."""

from shop.clock import Clock


class ClockFactory:
    def create(self, zone=None):
        return Clock(zone=zone)


def make_clock(zone, name=""):
    return Clock(zone=zone)
