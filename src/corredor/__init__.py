"""Corredor: maps of reported human trafficking in Peru.

``import corredor as co`` gives every public name; each is loaded when it is first used.
"""

from .geodata.arguments import attach

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = attach(__name__, __file__)
