"""Random programs are run before and after their migration; what worked must do the same."""
