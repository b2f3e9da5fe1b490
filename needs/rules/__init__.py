"""Rules about needs that are neither states nor rights: what may be the same need, and how pasted text is cleaned."""
