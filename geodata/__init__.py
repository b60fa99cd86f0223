"""Tables in: boundaries, complaints, flows, places and sources, checked and protected."""

from .boundaries import read_neighbours, read_regions
from .complaints import ComplaintAccount, build_figures, match_complaints
from .errors import (
    CorredorError,
    CorredorWarning,
    DataFileError,
    Fault,
    MissingExtraError,
    StudyError,
    SuppressionError,
    TableError,
    UnknownPlaceError,
)
from .flows import build_pairs, origin_of_sources, region_of_places, roll_up
from .join import add_population, add_rates, list_series
from .report import Section, describe_study, render_sections
from .study import Study, Tables, copy_embedded, embedded_study, read_study
from .suppression import Publication, protect
from .tables import CONTRACTS, check_table, empty_table, read_checked

__all__ = [
    "CONTRACTS",
    "ComplaintAccount",
    "CorredorError",
    "CorredorWarning",
    "DataFileError",
    "Fault",
    "MissingExtraError",
    "Publication",
    "Section",
    "Study",
    "StudyError",
    "SuppressionError",
    "TableError",
    "Tables",
    "UnknownPlaceError",
    "add_population",
    "add_rates",
    "build_figures",
    "build_pairs",
    "check_table",
    "copy_embedded",
    "describe_study",
    "embedded_study",
    "empty_table",
    "list_series",
    "match_complaints",
    "origin_of_sources",
    "protect",
    "read_checked",
    "read_neighbours",
    "read_regions",
    "read_study",
    "region_of_places",
    "render_sections",
    "roll_up",
]
