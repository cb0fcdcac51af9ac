"""Measures a GPU for Plumbline: operators, and whole runs of an engine of its own.

Needs PyTorch 2.4 or later and nothing else, so that the folder can be copied to a GPU host as it is.
"""
