"""What pages read of plans and reports, and what a report says when it is sealed. Changes nothing."""
