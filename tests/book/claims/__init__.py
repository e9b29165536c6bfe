"""What each chapter concludes, asserted on what it computed."""
