"""What is computed from plans and reports, and the years there are any for. Changes nothing."""
