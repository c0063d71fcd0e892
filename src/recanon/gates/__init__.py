"""Gates: what must hold at the boundary of a phase, read before and after it; what fails is rolled back."""
