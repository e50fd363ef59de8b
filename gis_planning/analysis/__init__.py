"""Derive from a county's layers what several measures need: who has to be reached, which parks count, how far it is.

A derived layer is a function of layers, of other derived layers and of settings. Measures and derived layers ask for it
by the name of a parameter; `work.Work` makes it, once a run, and keeps it in the user's cache.
"""
