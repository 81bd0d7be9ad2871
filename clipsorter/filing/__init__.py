"""Bins become files: the only room that writes what a person can see.

The engine hands in plain values (``rows``). ``table`` and ``contact_sheet`` export them for programs and for people;
every report goes through ``exports``, which puts it in place whole or not at all and never where a photo stands.
"""
