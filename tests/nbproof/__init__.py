"""Notebooks proved by running them: nbval runs the cells, this plugin compares what they show."""
