"""What people write: texts that several write in (G4, N6, R2), and forms that are not sent yet (X10)."""
