"""The letters of a decision (G9): what was decided (``facts``), what it says (``text``), and its PDF (``sealing``)."""
