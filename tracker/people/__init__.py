"""Persons who sign, chair and take part."""
