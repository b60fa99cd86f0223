"""Tables in: boundaries, complaints, flows, places and sources, checked and protected."""

from .account import Account, LeftOut, Reading
from .background import read_neighbours, read_waters
from .boundaries import read_regions
from .complaints import ComplaintAccount, build_figures, match_complaints
from .contracts import CONTRACTS
from .errors import (
    CorredorError,
    CorredorWarning,
    DataFileError,
    Fault,
    MissingExtraError,
    NetworkError,
    StudyError,
    SuppressionError,
    TableError,
    UnknownPlaceError,
)
from .files import inspect_file
from .flows import (
    add_up_counts,
    build_pairs,
    origin_of_sources,
    region_of_places,
    roll_up,
    unit_of_places,
)
from .intake.cases import CaseTables, read_cases
from .intake.flow_tables import read_flows
from .intake.itinerary_tables import read_itineraries
from .intake.opendata import read_mininter, read_mpfn
from .intake.personal import find_personal_columns
from .intake.recognise import recognise_table
from .intake.tidy import read_complaints
from .join import add_population, add_rates, find_series, list_series, mark_shown
from .model import Study, Tables
from .naming.names import add_places, build_resolver
from .naming.resolver import Resolver
from .remote.database import read_database
from .remote.database_address import is_database_address
from .remote.download import Limits
from .remote.fetch import RemoteSource, fetch, list_remote
from .report import Section, describe_study, render_sections
from .study import copy_embedded, embedded_study, read_study
from .suppression import Publication, protect
from .tables import check_table, empty_table, read_checked
from .tabular.sheets import Sheet, open_sheet
from .transport import TransportTables, read_network

__all__ = [
    "CONTRACTS",
    "Account",
    "CaseTables",
    "ComplaintAccount",
    "CorredorError",
    "CorredorWarning",
    "DataFileError",
    "Fault",
    "LeftOut",
    "Limits",
    "MissingExtraError",
    "NetworkError",
    "Publication",
    "Reading",
    "RemoteSource",
    "Resolver",
    "Section",
    "Sheet",
    "Study",
    "StudyError",
    "SuppressionError",
    "TableError",
    "Tables",
    "TransportTables",
    "UnknownPlaceError",
    "add_places",
    "add_population",
    "add_rates",
    "add_up_counts",
    "build_figures",
    "build_pairs",
    "build_resolver",
    "check_table",
    "copy_embedded",
    "describe_study",
    "embedded_study",
    "empty_table",
    "fetch",
    "find_personal_columns",
    "find_series",
    "inspect_file",
    "is_database_address",
    "list_remote",
    "list_series",
    "mark_shown",
    "match_complaints",
    "open_sheet",
    "origin_of_sources",
    "protect",
    "read_cases",
    "read_checked",
    "read_complaints",
    "read_database",
    "read_flows",
    "read_itineraries",
    "read_mininter",
    "read_mpfn",
    "read_neighbours",
    "read_network",
    "read_regions",
    "read_study",
    "read_waters",
    "recognise_table",
    "region_of_places",
    "render_sections",
    "roll_up",
    "unit_of_places",
]
