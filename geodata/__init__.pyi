"""Tables in: boundaries, complaints, flows, places and sources, checked and protected.

What `__all__` lists is promised; the rest is for the house, and may change without notice.
"""

from .account import Account, LeftOut as LeftOut, Reading
from .errors import (
    ArgumentError,
    CorredorError,
    CorredorWarning,
    DataFileError,
    Fault as Fault,
    MissingExtraError,
    NetworkError,
    StudyError,
    SuppressionError,
    TableError,
    UnknownPlaceError,
)
from .figures import (
    ComplaintAccount as ComplaintAccount,
    add_population as add_population,
    add_rates as add_rates,
    build_figures as build_figures,
    find_series as find_series,
    list_series as list_series,
    mark_shown as mark_shown,
    match_complaints as match_complaints,
)
from .files import inspect_file as inspect_file
from .flows import (
    add_up_counts as add_up_counts,
    build_pairs,
    origin_of_sources as origin_of_sources,
    region_of_places as region_of_places,
    roll_up,
    unit_of_places as unit_of_places,
)
from .intake.cases import CaseTables as CaseTables, read_cases
from .intake.complaints import read_complaints
from .intake.flows import read_flows
from .intake.itineraries import read_itineraries
from .intake.official.mininter import read_mininter
from .intake.official.mpfn import read_mpfn
from .intake.personal import find_personal_columns as find_personal_columns
from .intake.read import recognise_table as recognise_table
from .layers.background import read_neighbours as read_neighbours, read_waters as read_waters
from .layers.regions import read_regions
from .lines.network import TransportTables as TransportTables, read_network
from .places.build import add_places as add_places, build_resolver as build_resolver
from .places.resolver import Resolver as Resolver
from .remote.database import read_database
from .remote.address import is_database_address as is_database_address
from .remote.download import Limits as Limits
from .remote.fetch import RemoteSource as RemoteSource, fetch, list_remote as list_remote
from .sheets.sheet import Sheet as Sheet, open_sheet as open_sheet
from .study.contracts import CONTRACTS as CONTRACTS
from .study.model import Study, Tables as Tables, embedded_study as embedded_study
from .study.new import (
    NewStudy as NewStudy,
    copy_embedded as copy_embedded,
    empty_study as empty_study,
    new_study,
)
from .study.publication import Publication, protect
from .study.read import read_study
from .study.report import Section as Section, describe_study, render_sections as render_sections
from .study.tables import (
    check_table as check_table,
    empty_table as empty_table,
    read_checked as read_checked,
)

__all__ = [
    "Account",
    "ArgumentError",
    "CorredorError",
    "CorredorWarning",
    "DataFileError",
    "MissingExtraError",
    "NetworkError",
    "Publication",
    "Reading",
    "Study",
    "StudyError",
    "SuppressionError",
    "TableError",
    "UnknownPlaceError",
    "build_pairs",
    "describe_study",
    "fetch",
    "new_study",
    "protect",
    "read_cases",
    "read_complaints",
    "read_database",
    "read_flows",
    "read_itineraries",
    "read_mininter",
    "read_mpfn",
    "read_network",
    "read_regions",
    "read_study",
    "roll_up",
]
