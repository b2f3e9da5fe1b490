"""The rules of a round (N5): what may stand, who may vote, how it is counted. Changes nothing."""
