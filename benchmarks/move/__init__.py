"""Move fifteen symbols of three public repositories with recanon, rope and LibCST, and count what each gets right."""
