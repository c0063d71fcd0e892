"""Many repositories in one go: each is worked on by a recanon of its own, so that one that fails costs one."""
