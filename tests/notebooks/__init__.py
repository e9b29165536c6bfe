"""What the tests of the chapters share: reading them, running them, comparing their outputs."""
