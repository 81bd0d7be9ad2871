"""Bins become files: the only room that writes what a person can see.

``contact_sheet`` and ``table`` export a board for people and programs.
"""
