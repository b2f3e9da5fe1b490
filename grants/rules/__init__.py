"""Rules of calls and applications that are neither states nor rights. They compute and change nothing."""
