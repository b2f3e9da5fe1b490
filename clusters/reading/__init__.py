"""What pages and documents read of the network: it asks, computes and draws, and changes nothing."""
