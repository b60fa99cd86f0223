"""The tables of a toy country, small enough to check by hand.

Every record is invented: these regions, places, sources and counts exist nowhere. The four regions
are squares of one degree::

    01 Ámbar | 02 Brisa        two districts in Brisa, one in each of the others
    ---------+---------
    03 Cobre | 04 Duna
"""

import json

STUDY = """\
# An invented country for the tests.
[title]
es = "País de prueba"
en = "Toy country"

[subtitle]
es = "Cifras inventadas"
en = "Invented figures"

[boundaries_note]
es = "Cuatro cuadrados"
en = "Four squares"

[opening]
register = "PNP"
measure = "victims"
period_start = "2017-01"
period_end = "2018-12"
show = "rate"

[publication]
threshold = 10

[tables]
regions = { file = "regions.geojson" }
neighbours = { file = "neighbours.geojson" }
waters = { file = "waters.geojson" }
sources = { file = "sources.csv" }
registers = { file = "registers.csv" }
population = { file = "population.csv" }
districts = { file = "districts.csv" }
complaints = { file = "complaints.csv" }
rankings = { file = "rankings.csv" }
places = { file = "places.csv" }
flows = { file = "flows.csv" }
itineraries = { file = "itineraries.csv" }
network_places = { file = "network_places.csv" }
network_links = { file = "network_links.csv" }
"""

# `press` retells `report`; all others stand for themselves.
SOURCES = """\
source_id,origin_id,publisher,title,date,url,accessed,access,note_es,note_en
report,,Oficina inventada,Informe anual,2018-03,https://example.org/informe,2026-01-02,public,,
press,report,Diario inventado,Nota sobre el informe,2018-03-09,https://example.org/nota,2026-01-02,public,lo recoge,retells the report
ngo,,ONG inventada,Boletín,2019,https://example.org/boletin,2026-01-02,public,,
police,,Policía inventada,Registro,2019-02,https://example.org/registro,2026-01-02,public,,
base,,Instituto inventado,Censo y límites,2017,,,,,
"""  # noqa: E501

REGISTERS = """\
register,name_es,name_en,counts_es,counts_en
MP,Fiscalía,Prosecutors,Denuncias,Complaints
PNP,Policía,Police,Personas,People
"""

POPULATION = """\
ubigeo,name,population,year,capital,lat,lon,source_id
01,Ámbar,100000,2017,Alto,-8.5,-75.5,base
02,Brisa,200000,2017,Bajo,,,base
03,Cobre,50000,2017,,,,base
04,Duna,400000,2017,,,,base
"""

# "Brisa del Sur" is another spelling of "Brisa Sur".
DISTRICTS = """\
district,canonical,ubigeo,source_id,note_es,note_en
Ámbar,Ámbar,01,base,,
Brisa Norte,Brisa Norte,02,base,con un valle de Duna,with a valley of Duna
Brisa Sur,Brisa Sur,02,base,,
Brisa del Sur,Brisa Sur,02,base,,
Cobre,Cobre,03,base,,
Duna,Duna,04,base,,
"""

# MP 2017: five districts that add up to the national 100 (40; 10 + 20; 10; 20), which two
#          sources print.
# MP 2018: one of the two districts of Brisa; two sources that contradict each other on Ámbar;
#          a zero; and a district that nobody knows.
# PNP 2017-2018 (24 months): all four regions, a city of Duna, and their national sum.
COMPLAINTS = """\
unit,place,ubigeo,period_start,period_end,measure,register,purpose,value,basis,source_id,note_es,note_en
national,País,,2017-01,2017-12,complaints,MP,all,100,published,report,del informe,of the report
national,País,,2017-01,2017-12,complaints,MP,all,100,published,press,,
fiscal_district,AMBAR,,2017-01,2017-12,complaints,MP,all,40,published,report,,
fiscal_district,BRISA NORTE,,2017-01,2017-12,complaints,MP,all,10,published,report,,
fiscal_district,Brisa del Sur,,2017-01,2017-12,complaints,MP,all,20,published,report,,
fiscal_district,Cobre,,2017-01,2017-12,complaints,MP,all,10,published,report,,
fiscal_district,Duna,,2017-01,2017-12,complaints,MP,all,20,published,report,,
fiscal_district,Brisa Norte,,2018-01,2018-12,complaints,MP,all,6,published,ngo,,
region,Ámbar,01,2018-01,2018-12,complaints,MP,all,12,published,ngo,,
region,Ámbar,01,2018-01,2018-12,complaints,MP,all,15,published,press,,
region,Cobre,03,2018-01,2018-12,complaints,MP,all,0,published,ngo,,
fiscal_district,Brisa Oeste,,2018-01,2018-12,complaints,MP,all,4,published,ngo,,
region,Ámbar,01,2017-01,2018-12,victims,PNP,all,8,published,police,,
region,Brisa,02,2017-01,2018-12,victims,PNP,all,4,published,police,,
region,Cobre,03,2017-01,2018-12,victims,PNP,all,2,published,police,,
region,Duna,04,2017-01,2018-12,victims,PNP,all,16,published,police,,
city,Puerto Duna,04,2017-01,2018-12,victims,PNP,all,3,published,police,,
national,País,,2017-01,2018-12,victims,PNP,all,30,published,police,,
"""

RANKINGS = """\
register,measure,period_start,period_end,rank,ubigeo,source_id
MP,complaints,2017-01,2017-12,2,02,report
MP,complaints,2017-01,2017-12,1,01,report
"""

# Six places: three regions, a city, a river port, and an area without a point.
PLACES = """\
place_id,name,name_en,ubigeo,kind,lat,lon,label_lat,label_lon,source_id
01,Ámbar,,01,region,,,,,base
02,Brisa,,02,region,,,,,base
04,Duna,,04,region,,,,,base
pozo,Pozo,,0201,city,-8.25,-74.25,,,base
puerto,Puerto Duna,Duna Port,0401,river_port,-9.75,-74.75,,,base
costa,la costa,the coast,,area,,,,,base
"""

# Ámbar -> Brisa is named by the report, its retelling and the NGO: two independent sources.
# F4 stays within Duna, F5 ends in an area without a point, F6 is a share.
FLOWS = """\
flow_id,origin,destination,value,value_kind,period_start,period_end,purpose,source_id,note_es,note_en
F1,01,02,,none,2017-01,2017-12,sexual,report,,
F2,01,pozo,,none,2017-01,2017-12,labour,press,hacia la ciudad,towards the city
F3,01,02,,none,,,sexual,ngo,,
F4,04,04,,none,2018-01,2018-12,,police,,
F5,02,costa,,none,,,mixed,ngo,,
F6,puerto,01,25,share_of_destination,,,labour,police,,
"""

ITINERARIES = """\
route_id,seq,place_id,mode_to_next,source_id
R1,3,puerto,,ngo
R1,1,01,road,ngo
R1,2,pozo,river,ngo
"""

NETWORK_PLACES = """\
place_id,place,region,ubigeo,lat,lon,kind,note,source_id
a,Alto,Ámbar,01,-8.5,-75.5,city,,base
b,Bajo,Brisa,02,-8.5,-74.5,city,,base
c,Centro,Cobre,03,-9.5,-75.5,city,,base
"""

NETWORK_LINKS = """\
link_id,from,to,mode,ref,surface,km,hours,hours_back,basis
L1,a,b,road,R-1,paved,110,2,,published
L2,a,c,river,,,120.5,5,8,estimated
"""

CORNERS = {"01": (-76, -9), "02": (-75, -9), "03": (-76, -10), "04": (-75, -10)}
RIVER = {"type": "LineString", "coordinates": [[-76, -8.25], [-75.5, -8.5], [-74, -8.25]]}
NAMES = {"01": "Ámbar", "02": "Brisa", "03": "Cobre", "04": "Duna"}


def square(west: float, south: float, side: float = 1) -> dict[str, object]:
    """Return a square as a GeoJSON geometry."""
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def geojson(*features: tuple[dict[str, object], object]) -> str:
    """Return features given as (properties, geometry)."""
    listed = [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]
    return json.dumps({"type": "FeatureCollection", "features": listed})


FILES = {
    "study.toml": STUDY,
    "sources.csv": SOURCES,
    "registers.csv": REGISTERS,
    "population.csv": POPULATION,
    "districts.csv": DISTRICTS,
    "complaints.csv": COMPLAINTS,
    "rankings.csv": RANKINGS,
    "places.csv": PLACES,
    "flows.csv": FLOWS,
    "itineraries.csv": ITINERARIES,
    "network_places.csv": NETWORK_PLACES,
    "network_links.csv": NETWORK_LINKS,
    "regions.geojson": geojson(
        *(({"ubigeo": u, "name": NAMES[u]}, square(*CORNERS[u])) for u in ("03", "01", "04", "02"))
    ),
    "neighbours.geojson": geojson(
        ({"iso_a2": "XX", "name_es": "Vecino", "name_en": "Neighbour"}, square(-74, -10, side=2)),
        ({"iso_a2": None, "name_es": None, "name_en": None}, square(-80, -9)),
    ),
    "waters.geojson": geojson(
        ({"kind": "river", "rank": 1, "name_es": "Río Manso", "name_en": "Manso River"}, RIVER),
        (
            {"kind": "lake", "rank": 3, "name_es": "Lago Claro", "name_en": "Lake Claro"},
            square(-75.5, -9.5, side=0.25),
        ),
    ),
}
