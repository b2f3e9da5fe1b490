"""What pages and minutes read of a round. Changes nothing."""
