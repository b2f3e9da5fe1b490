"""What pages, letters and minutes read of an allocation. Changes nothing."""
