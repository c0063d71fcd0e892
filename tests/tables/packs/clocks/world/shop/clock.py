"""The clock."""


class Clock:
    def __init__(self, *, zone=None):
        self.zone = zone
