"""What pages and documents read of a need: its story and who supports it. Changes nothing."""
