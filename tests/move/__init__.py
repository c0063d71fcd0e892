"""Tests of `recanon move`."""
