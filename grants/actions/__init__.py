"""What a reader may do on the pages of grants: the life cycles say which steps, these which is the main button."""
