/** Configuration keys in which chargers keep the address of their back end, as data. Names count in any letter case. */

export interface AddressKey {
  /** Holds the address: whole, or the host alone. */
  url: string;
  /** Keys with the rest of the address. */
  port?: string;
  path?: string;
  /** Holds the identity with which the charger dials. */
  identity?: string;
  /** The last part of the address is the identity. */
  endsWithIdentity?: true;
  /** Which chargers have it. */
  chargers: string;
  /** Where this is stated. */
  source: string;
}

const CHARGESTATION = "https://github.com/e-flux-platform/chargestation";
const AMINA = "https://documentation.aminacharging.com/public/ocpp-csms-migration.html";
const SIMULATOR = "an answer to GetConfiguration in a public charger simulator of Electric Miles";

export const ADDRESS_KEYS: readonly AddressKey[] = [
  {
    url: "BackOffice-URL-wired",
    path: "BackOffice-Path-wired",
    chargers: "Alfen, by cable",
    source: CHARGESTATION,
  },
  {
    url: "BackOffice-URL-APN",
    path: "BackOffice-Path-APN",
    chargers: "Alfen, by mobile network",
    source: CHARGESTATION,
  },
  { url: "NetworkConnectionProfile1", chargers: "Amina, first back end", source: AMINA },
  { url: "NetworkConnectionProfile2", chargers: "Amina, second back end", source: AMINA },
  {
    url: "CentralSystemURI",
    identity: "ChargePointId",
    chargers: "chargers with EVerest",
    source: "https://github.com/EVerest/libocpp/pull/900",
  },
  { url: "OCPPEndPoint", chargers: "Evnex", source: CHARGESTATION },
  {
    url: "G_ServerURL",
    identity: "G_ChargerID",
    chargers: "Growatt, Atess",
    source: "https://github.com/lbbrhzn/ocpp/issues/1293",
  },
  {
    url: "CentralSystemAddress",
    port: "CentralSystemPort",
    path: "CentralSystemPath",
    identity: "ChargeBoxIdentity",
    chargers: "KEBA KC-P30",
    source: SIMULATOR,
  },
  {
    url: "Cst_BackendUrl",
    identity: "Cst_ChargeBoxId",
    chargers: "chargers with MicroOcpp",
    source: "https://github.com/matth-x/MicroOcpp",
  },
  {
    url: "ocppCentralAddress",
    identity: "boxIdentity",
    chargers: "Schneider EVlink",
    source: "EVlink OCPP guide 1.2 (2019), §8",
  },
  { url: "ConnectionURL", endsWithIdentity: true, chargers: "Vestel EVC", source: SIMULATOR },
];

/** Every key that tells something, each once. */
export const FORMER_KEYS: readonly string[] = [
  ...new Set(
    ADDRESS_KEYS.flatMap(({ url, port, path, identity }) => [url, port, path, identity]).filter(
      (name) => name !== undefined,
    ),
  ),
];
