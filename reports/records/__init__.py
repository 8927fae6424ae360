"""Records of a run as plain data: made, read, checked, merged and written."""
