"""What only a developer's machine and the demo need. Nothing that runs in production imports it."""
