"""Validation tests for a migrated repository, from the templates of a pack. It neither prints nor writes."""

from recanon.suite.make import Suite, make_suite

__all__ = ["Suite", "make_suite"]
