/** How back ends head the columns of their tables, in lower case without anything but letters and digits. */

/** What a column tells. `energyWh` is of any unit: see `their-table.ts`. */
export type ColumnKind =
  | "start"
  | "startDay"
  | "startClock"
  | "energy"
  | "meterStart"
  | "meterStop"
  | "charger"
  | "connector"
  | "id";

const NAMES: Readonly<Record<ColumnKind, readonly string[]>> = {
  start: [
    ...[
      "start",
      "started",
      "startedat",
      "startdatetime",
      "startdateandtime",
      "starttimestamp",
      "startutc",
      "starttimeutc",
    ],
    ...[
      "begin",
      "began",
      "begindatetime",
      "sessionstart",
      "sessionstarted",
      "sessionstarttime",
      "chargestart",
      "chargingstart",
    ],
    ...[
      "chargingstarted",
      "transactionstart",
      "starttransaction",
      "plugin",
      "pluggedinat",
      "timestampstart",
      "startdatumtijd",
    ],
    ...[
      "beginn",
      "ladebeginn",
      "ladestart",
      "startzeitpunkt",
      "beginnladevorgang",
      "debut",
      "debutdecharge",
      "debutdesession",
    ],
    ...["datededebut", "dateheurededebut", "datumtijdstart", "starttijdstip", "from", "von", "createdat"],
  ],
  startDay: ["startdate", "date", "day", "datum", "startdatum", "tag", "jour", "begindatum", "sessiondate"],
  startClock: [
    "starttime",
    "time",
    "startzeit",
    "uhrzeit",
    "starttijd",
    "begintijd",
    "begintime",
    "heure",
    "heurededebut",
  ],
  energy: [
    ...["energy", "energykwh", "energywh", "energyinkwh", "energyconsumed", "energyconsumedkwh", "energydelivered"],
    ...[
      "energydeliveredkwh",
      "energyconsumption",
      "energyconsumptionkwh",
      "energyusage",
      "energyusagekwh",
      "totalenergy",
    ],
    ...["totalenergykwh", "totalenergywh", "chargedenergy", "chargedenergykwh", "energycharged", "energychargedkwh"],
    ...[
      "kwh",
      "wh",
      "kwhcharged",
      "chargedkwh",
      "totalkwh",
      "kwhtotal",
      "consumedkwh",
      "consumption",
      "consumptionkwh",
    ],
    ...["volume", "volumekwh", "amountkwh", "quantitykwh", "meterdelta", "energie", "energiekwh", "energiewh"],
    ...["energiemenge", "energiemengekwh", "verbrauch", "verbrauchkwh", "lademenge", "lademengekwh", "geladeneenergie"],
    ...[
      "geladeneenergiekwh",
      "geladenkwh",
      "verbruik",
      "verbruikkwh",
      "consommation",
      "consommationkwh",
      "energiechargee",
    ],
    ...["energieconsommee", "energieconsommeekwh", "energiefourniekwh"],
  ],
  meterStart: [
    "meterstart",
    "meterstartwh",
    "meterstartkwh",
    "startvalue",
    "startmeter",
    "startmetervalue",
    "zaehlerstart",
  ],
  meterStop: [
    ...[
      "meterstop",
      "meterstopwh",
      "meterstopkwh",
      "meterend",
      "stopvalue",
      "stopmeter",
      "endmetervalue",
      "zaehlerende",
    ],
    "stopmetervalue",
  ],
  charger: [
    ...[
      "charger",
      "chargerid",
      "chargername",
      "chargepoint",
      "chargepointid",
      "chargepointname",
      "chargebox",
      "chargeboxid",
    ],
    ...["chargingstation", "chargingstationid", "chargingstationname", "chargingpoint", "chargingpointid", "station"],
    ...[
      "stationid",
      "stationname",
      "stationidentity",
      "evse",
      "evseid",
      "identity",
      "ocppid",
      "ocppidentity",
      "deviceid",
    ],
    ...[
      "device",
      "serial",
      "serialnumber",
      "chargerserial",
      "ladepunkt",
      "ladepunktid",
      "ladestation",
      "ladestationid",
    ],
    ...[
      "ladesaeule",
      "wallbox",
      "wallboxid",
      "laadpaal",
      "laadpunt",
      "laadstation",
      "borne",
      "iddelaborne",
      "pointdecharge",
    ],
  ],
  connector: ["connector", "connectorid", "connectornumber", "socket", "socketid", "outlet", "anschluss", "connecteur"],
  id: [
    ...["id", "transaction", "transactionid", "session", "sessionid", "cdr", "cdrid", "chargeid", "chargingsessionid"],
    ...["transaktion", "transaktionsid", "ladevorgang", "sitzungsid", "numerodesession", "idtransaction"],
  ],
};

const KINDS: ReadonlyMap<string, ColumnKind> = new Map(
  (Object.entries(NAMES) as [ColumnKind, readonly string[]][]).flatMap(([kind, names]) =>
    names.map((name) => [name, kind]),
  ),
);

/** What a heading names; null = something that is not compared. */
export function kindOf(heading: string): ColumnKind | null {
  const letters = heading
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss");
  const whole = letters.replace(/[^a-z0-9]/g, "");
  // A unit or a zone in brackets says nothing about what it is.
  const without = letters.replace(/[([{].*$/, "").replace(/[^a-z0-9]/g, "");
  return KINDS.get(whole) ?? KINDS.get(without) ?? null;
}
