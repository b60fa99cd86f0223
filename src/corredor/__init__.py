"""Corredor: maps of reported human trafficking in Peru.

``corredor.geodata`` reads, checks, joins and protects tables; ``corredor.routes`` builds graphs
from them; ``corredor.maps`` draws them. This package itself is only the front door.
"""

__version__ = "0.1.0"
