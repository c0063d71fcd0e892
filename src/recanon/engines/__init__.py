"""Engines that turn answers into new text."""
