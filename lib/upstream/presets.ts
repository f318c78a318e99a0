/** What is publicly known of back ends of others, as data for the dialog. What no source states is left empty. */

export interface BackEndPreset {
  id: string;
  /** As its operator or project calls it. */
  name: string;
  /** Its address; words in capitals are to be replaced. Empty = no source states one. */
  url: string;
  /** The form of identities there; empty = whatever the back end was told. */
  identity: string;
  /** What proves a charger's identity: OCPP security profile 1 or 2; null = no source states it. */
  password: "needed" | "possible" | "none" | null;
  /** Where this is stated. */
  source: string;
}

export const PRESETS: readonly BackEndPreset[] = [
  {
    id: "citrineos",
    name: "CitrineOS",
    url: "ws://SERVER:8081",
    identity: "",
    password: "none",
    source: "https://github.com/citrineos/citrineos-core",
  },
  {
    id: "evcc",
    name: "evcc",
    url: "ws://SERVER:8887",
    identity: "",
    password: null,
    source: "https://docs.evcc.io/en/reference/cli/evcc_easee-ocpp_enable",
  },
  {
    id: "joulepoint",
    name: "Joulepoint",
    url: "wss://csms.joulepoint.com/ocpp16j",
    identity: "",
    password: "needed",
    source: "https://www.joulepoint.com/resources/documentation/ocpp-16j-integration",
  },
  {
    id: "joulo",
    name: "Joulo",
    url: "wss://ocpp.joulo.nl/cp?auth=SECRET",
    identity: "",
    password: "none",
    source: "https://staging.joulo.nl/en/ocpp-api",
  },
  {
    id: "monta",
    name: "Monta",
    url: "wss://ocpp.monta.app",
    identity: "",
    password: null,
    source: "https://github.com/cbrandlehner/ocpp-fanout",
  },
  {
    id: "road",
    name: "Road (E-Flux)",
    url: "",
    identity: "",
    password: null,
    source: "https://help.road.io/en/articles/9572284-how-to-connect-a-charging-station-to-the-platform",
  },
  {
    id: "steve",
    name: "SteVe",
    url: "ws://SERVER:8080/steve/websocket/CentralSystemService",
    identity: "",
    password: null,
    source: "https://github.com/steve-community/steve",
  },
  {
    id: "tap",
    name: "Tap Electric",
    url: "wss://ocpp.tapelectric.app/CODE",
    identity: "",
    password: "possible",
    source: "https://github.com/dingo35/SmartEVSE-3.5/blob/master/docs/ocpp.md",
  },
];
