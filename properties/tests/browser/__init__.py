"""The pages of reports, in a browser."""
