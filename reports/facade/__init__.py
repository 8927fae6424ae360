"""backproof"""
