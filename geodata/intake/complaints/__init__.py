"""Complaint tables of any shape, wide or long, to the contract complaints."""
