"""What was read or found, in the forms that other programs take."""
