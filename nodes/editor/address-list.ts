/** What to type into a charger: the address of a central system, once for each way to this machine. */
import type { NetworkPage } from "../shared/dialog-page-types.ts";
import { button } from "./looks.ts";
import { ask } from "./requests.ts";

/** As much of a central system as its address needs, as it stands in a dialog. */
export interface Dialled {
  /** One network card; empty = all of them. */
  host: string;
  /** Empty = Node-RED's own server. */
  port: string;
  path: string;
  /** Whether its own port speaks TLS. */
  isSecure: boolean;
}

interface Listed {
  host: string;
  /** What it is good for. */
  note: string;
}

const word = (key: string, values?: Record<string, unknown>): string =>
  RED._(`@phasewise/node-red-ev-charging/ev-central-system:ev-central-system.address.${key}`, values);

/** A central system of the editor as it stands there, deployed or not. */
export function dialledOf(node: EditorNode): Dialled {
  const text = (name: string) => String(node[name] ?? "");
  return { host: text("host"), port: text("port"), path: text("path"), isSecure: text("tls") !== "" };
}

/** One open list. `show` draws it anew. */
export class AddressList {
  readonly #box: JQuery;
  readonly #dialled: () => Dialled | null;
  #network: NetworkPage | null = null;

  /** @param dialled null while there is no central system to dial */
  constructor(box: JQuery, dialled: () => Dialled | null) {
    this.#box = box;
    this.#dialled = dialled;
    void ask<NetworkPage>("GET", "network").then(
      (page) => {
        this.#network = page;
        this.show();
      },
      // Without, the name under which the editor was opened is listed alone.
      () => this.show(),
    );
  }

  #identity = "";
  #appends: boolean | null = null;

  /** @param identity empty = any @param appends whether the charger adds it by itself; null = not known */
  show(identity = this.#identity, appends = this.#appends): void {
    this.#identity = identity;
    this.#appends = appends;
    const dialled = this.#dialled();
    this.#box.empty();
    if (!dialled) return;
    this.#box.append($("<div>").text(word("title")));
    const list = $("<ul>").addClass("ev-addresses").appendTo(this.#box);
    for (const { host, note } of hostsOf(dialled, this.#network)) list.append(this.#line(dialled, host, note));
    const hint = appends === null ? word("maybe") : appends ? word("appended", { identity }) : "";
    if (hint) this.#box.append($("<div>").addClass("ev-note").text(hint));
  }

  #line(dialled: Dialled, host: string, note: string): JQuery {
    const base = addressOf(dialled, host, this.#network);
    const whole = this.#appends === true ? base : base + (encodeURIComponent(this.#identity) || word("identity"));
    const copied = this.#identity === "" ? base : whole;
    const copy = button("", "fa-clipboard").attr({ title: word("copy"), "aria-label": `${word("copy")}: ${copied}` });
    copy.on("click", () => RED.clipboard.copyText(copied, copy, word("copied")));
    return $("<li>").append($("<code>").text(whole), copy, $("<span>").addClass("ev-note").text(note));
  }
}

function hostsOf({ host }: Dialled, network: NetworkPage | null): Listed[] {
  const isAny = host === "" || host === "0.0.0.0" || host === "::";
  if (!isAny) return [{ host, note: isLocal(host) ? word("local") : word("only") }];
  const opened = window.location.hostname.replace(/^\[|\]$/g, "");
  const found: Listed[] = (network?.addresses ?? [])
    .filter(({ isInternal }) => !isInternal)
    .map(({ address, card }) => ({ host: address, note: card }));
  const named = network && network.hostname !== "localhost" ? [{ host: network.hostname, note: word("name") }] : [];
  const known = [...found, ...named];
  const first =
    isLocal(opened) || known.some((one) => one.host === opened) ? [] : [{ host: opened, note: word("opened") }];
  return [...first, ...known, { host: "127.0.0.1", note: word("local") }];
}

/** Up to where the identity begins. */
function addressOf({ port, path, isSecure }: Dialled, host: string, network: NetworkPage | null): string {
  const { protocol, port: openedAt } = window.location;
  const own = network?.editor.port ? network.editor : { port: openedAt, isSecure: protocol === "https:" };
  const secure = port === "" ? own.isSecure : isSecure;
  const at = port === "" ? String(own.port || "") : port;
  const place = host.includes(":") ? `[${host}]` : host;
  const folders = path.replace(/^\/+|\/+$/g, "");
  return `${secure ? "wss" : "ws"}://${place}${at ? `:${at}` : ""}/${folders ? `${folders}/` : ""}`;
}

function isLocal(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
