"""The national report: computed from sealed regional reports and the register (R3)."""
