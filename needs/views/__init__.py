"""The pages of needs, by what one comes for."""
