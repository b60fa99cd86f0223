"""Tables in: boundaries, complaints, flows, places and sources, checked and protected."""

from .account import Account, LeftOut, Reading
from .errors import (
    ArgumentError,
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
from .figures import (
    ComplaintAccount,
    add_population,
    add_rates,
    build_figures,
    find_series,
    list_series,
    mark_shown,
    match_complaints,
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
from .intake.complaints import read_complaints
from .intake.flows import read_flows
from .intake.itineraries import read_itineraries
from .intake.mininter import read_mininter
from .intake.mpfn import read_mpfn
from .intake.personal import find_personal_columns
from .intake.read import recognise_table
from .layers.background import read_neighbours, read_waters
from .layers.regions import read_regions
from .lines.network import TransportTables, read_network
from .places.resolver import Resolver, add_places, build_resolver
from .remote.database import read_database
from .remote.database_address import is_database_address
from .remote.download import Limits
from .remote.fetch import RemoteSource, fetch, list_remote
from .sheets.sheet import Sheet, open_sheet
from .study.contracts import CONTRACTS
from .study.model import Study, Tables
from .study.new import NewStudy, copy_embedded, empty_study, new_study
from .study.publication import Publication, protect
from .study.read import embedded_study, read_study
from .study.report import Section, describe_study, render_sections
from .study.tables import check_table, empty_table, read_checked

__all__ = [
    "CONTRACTS",
    "Account",
    "ArgumentError",
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
    "NewStudy",
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
    "empty_study",
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
    "new_study",
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
