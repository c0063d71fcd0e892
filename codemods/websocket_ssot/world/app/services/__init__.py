"""Services of the application."""
