"""The words of the data set: parties, topics, what titles are made of, names, cities."""

from __future__ import annotations


def _list(text: str) -> list[str]:
    """The entries of a text, parted by semicolons."""
    return text.replace("\n", "").split(";")


_STATES = _list("""\
FR France;DE Germany;US United States of America;GB United Kingdom;CN China;
RU Russian Federation;IT Italy;ES Spain;JP Japan;IN India;BR Brazil;TR Türkiye;CA Canada;
CH Switzerland;NL Netherlands;BE Belgium;SE Sweden;NO Norway;PL Poland;AT Austria;PT Portugal;
MX Mexico;AR Argentina;KR Korea, Republic of;AU Australia;EG Egypt;MA Morocco;TN Tunisia;
DZ Algeria;ZA South Africa;SA Saudi Arabia;AE United Arab Emirates;IR Iran;IQ Iraq;IL Israel;
JO Jordan;LB Lebanon;SY Syrian Arab Republic;KW Kuwait;QA Qatar;OM Oman;BH Bahrain;YE Yemen;
PK Pakistan;BD Bangladesh;LK Sri Lanka;NP Nepal;AF Afghanistan;KZ Kazakhstan;UZ Uzbekistan;
TM Turkmenistan;KG Kyrgyzstan;TJ Tajikistan;MN Mongolia;VN Viet Nam;TH Thailand;MY Malaysia;
SG Singapore;ID Indonesia;PH Philippines;MM Myanmar;KH Cambodia;
LA Lao People's Democratic Republic;BN Brunei Darussalam;TL Timor-Leste;NZ New Zealand;FJ Fiji;
PG Papua New Guinea;SB Solomon Islands;VU Vanuatu;WS Samoa;TO Tonga;KI Kiribati;TV Tuvalu;
NR Nauru;PW Palau;FM Micronesia;MH Marshall Islands;DK Denmark;FI Finland;IS Iceland;
IE Ireland;LU Luxembourg;GR Greece;CY Cyprus;MT Malta;CZ Czechia;SK Slovakia;HU Hungary;
RO Romania;BG Bulgaria;SI Slovenia;HR Croatia;BA Bosnia and Herzegovina;RS Serbia;
ME Montenegro;MK North Macedonia;AL Albania;MD Moldova;UA Ukraine;BY Belarus;LT Lithuania;
LV Latvia;EE Estonia;GE Georgia;AM Armenia;AZ Azerbaijan;MC Monaco;LI Liechtenstein;
SM San Marino;AD Andorra;VA Holy See;CL Chile;PE Peru;CO Colombia;VE Venezuela;EC Ecuador;
BO Bolivia;PY Paraguay;UY Uruguay;GY Guyana;SR Suriname;CU Cuba;DO Dominican Republic;HT Haiti;
JM Jamaica;TT Trinidad and Tobago;BB Barbados;BS Bahamas;BZ Belize;GT Guatemala;HN Honduras;
SV El Salvador;NI Nicaragua;CR Costa Rica;PA Panama;AG Antigua and Barbuda;DM Dominica;
GD Grenada;KN Saint Kitts and Nevis;LC Saint Lucia;VC Saint Vincent and the Grenadines;
NG Nigeria;GH Ghana;CI Côte d'Ivoire;SN Senegal;ML Mali;BF Burkina Faso;NE Niger;TD Chad;
CM Cameroon;GA Gabon;CG Congo;CD Congo, Democratic Republic of the;CF Central African Republic;
GQ Equatorial Guinea;ST Sao Tome and Principe;AO Angola;NA Namibia;BW Botswana;ZW Zimbabwe;
ZM Zambia;MZ Mozambique;MW Malawi;TZ Tanzania;KE Kenya;UG Uganda;RW Rwanda;BI Burundi;
ET Ethiopia;ER Eritrea;DJ Djibouti;SO Somalia;SD Sudan;SS South Sudan;LY Libya;MR Mauritania;
GM Gambia;GN Guinea;GW Guinea-Bissau;SL Sierra Leone;LR Liberia;TG Togo;BJ Benin;CV Cabo Verde;
KM Comoros;MG Madagascar;MU Mauritius;SC Seychelles;LS Lesotho;SZ Eswatini;BT Bhutan;
MV Maldives;KP Korea, Democratic People's Republic of;PS Palestine""")
# Number, code, name.
PARTIES = [(i, state[:2], state[3:]) for i, state in enumerate(_STATES, 1)]

TYPES = _list("""\
treaty;agreement;memorandum of understanding;protocol;exchange of notes;convention;arrangement""")
TYPE_WEIGHTS = [8, 40, 25, 12, 8, 4, 3]
STATUSES = _list("""\
in_force;signed;terminated;expired;suspended;draft""")
STATUS_WEIGHTS = [62, 12, 12, 9, 2, 3]

TOPICS = _list("""\
trade;investment;double taxation;air transport;road transport;maritime transport;fisheries;
agriculture;energy;nuclear safety;science and technology;education;culture;health;tourism;
defence;police cooperation;extradition;mutual legal assistance;visa exemption;readmission;
social security;environment;water;climate;space;telecommunications;customs;standards;labour;
youth;sport;development finance;humanitarian aid;border demarcation;consular relations;
data protection;cyber security;mining;railways""")
FORMS = _list("""\
on cooperation in the field of {a} and {b};concerning cooperation in {a};on {a} and {b};
for the promotion and reciprocal protection of {a} and {b};
on economic, scientific and technical cooperation relating to {a};
regarding the exchange of information on {a};
establishing a framework for cooperation on {a}, {b} and related matters""")
FORM_WEIGHTS = [30, 20, 18, 8, 12, 7, 5]
SUBJECTS = TOPICS + _list("""\
investments;vocational training;film production;archives;plant protection;veterinary medicine;
hydrography;meteorology;standards and metrology;small enterprises;public administration;
archaeology;museums;libraries;broadcasting;forestry;irrigation;renewable energy;ports;
postal services;statistics;geology;pharmaceuticals;patents;competition policy""")
# Rarer words make searches that find little; with each its share of the agreements.
RARE = [
    ("desalination", 0.0005),
    ("glaciology", 0.0001),
    ("seismology", 0.002),
    ("locust control", 0.0002),
]
QUALIFIERS = _list("""\
;;;; (with annex); (with exchange of letters);, as amended; (additional protocol); (renewal)""")

GIVEN = _list("""\
Ana;Jean;Maria;John;Fatima;Ahmed;Wei;Yuki;Olga;Ivan;Peter;Sofia;Lucas;Amina;Kofi;Nadia;Carlos;
Elena;Hans;Ingrid;Mehmet;Leila;Raj;Priya;Tomas;Eva;Omar;Grace;Samuel;Chloe;Paulo;Ines;Marek;
Zofia;Lars;Astrid;Bela;Irina;Nikos;Dimitra""")
FAMILY = _list("""\
Silva;Martin;Garcia;Smith;Haddad;Hassan;Zhang;Tanaka;Petrova;Ivanov;Novak;Rossi;Dubois;Diallo;
Mensah;Farah;Lopez;Popescu;Müller;Berg;Yilmaz;Khoury;Sharma;Patel;Svoboda;Horvat;Rahman;Okafor;
Banda;Lefèvre;Costa;Ferreira;Kowalski;Nowak;Hansen;Lund;Nagy;Volkova;Pappas;Georgiou""")
CAPACITIES = _list("""\
Minister for Foreign Affairs;Ambassador;Prime Minister;Minister of Trade;State Secretary;
President;Minister of Education;Director-General;Plenipotentiary""")
CITIES = [f"Capital City {i}" for i in range(1, 60)] + _list("""\
Geneva;Vienna;Paris;Rome;Ankara;Lima;Quito;Nairobi;Rabat;Tunis;Hanoi;Jakarta;Oslo;Lisbon;
Madrid""")
