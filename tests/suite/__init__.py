"""Validation tests made by `recanon guard tests`: before a migration, after it, and after what they guard broke."""
