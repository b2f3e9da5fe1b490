"""The only writers of grants: verbs in one transaction each, with their audit entries."""
