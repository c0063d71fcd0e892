"""The guard: its ratchet, baseline, cache, command, exports, and a real pre-commit run."""
