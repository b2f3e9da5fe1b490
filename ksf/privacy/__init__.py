"""What a person may ask of the portal about themselves, and for how long what is about people is kept (X7)."""
