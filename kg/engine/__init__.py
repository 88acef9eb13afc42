"""Builds at the scale of a whole literature: papers in chunks, over processes, each piece of work done once."""
