"""Pixels and words become embeddings.

A model's name is resolved to files on this machine (``sources``), without torch and without network. An
``EncoderProcess`` starts a child that loads them with open_clip (``open_clip_encoder``; ``starter`` assembles the
embedded model for the same path) and answers batches of pixels and prompts with L2-normalised numpy arrays. The
parent never imports torch. ``colour`` is the shipped double: a tiny encoder whose embedding is a photo's mean colour.
"""
