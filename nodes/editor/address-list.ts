/** What to type into a charger: the address of a central system, once for each way to this machine. */
import type { NetworkPage } from "../admin/types/dialog-page-types.ts";
import { addressOf, type ServerAddress } from "./address.ts";
import { button } from "./looks.ts";
import { ask } from "./requests.ts";
import { wordsOf } from "./words.ts";

interface Listed {
  host: string;
  /** What it is good for. */
  note: string;
}

const word = wordsOf("ev-central-system", "ev-central-system.address");

/** A central system of the editor as it stands there, deployed or not. */
export function dialledOf(node: EditorNode): ServerAddress {
  const text = (name: string) => String(node[name] ?? "");
  return { host: text("host"), port: text("port"), path: text("path"), isSecure: text("tls") !== "" };
}

/** One open list. `show` draws it anew. */
export class AddressList {
  readonly #box: JQuery;
  readonly #dialled: () => ServerAddress | null;
  #network: NetworkPage | null = null;
  #identity = "";
  #appends: boolean | null = null;

  /** @param dialled null while there is no central system to dial */
  constructor(box: JQuery, dialled: () => ServerAddress | null) {
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

  #line(dialled: ServerAddress, host: string, note: string): JQuery {
    const base = addressOf(dialled, host, ownServer(this.#network));
    const whole = this.#appends === true ? base : base + (encodeURIComponent(this.#identity) || word("identity"));
    const copied = this.#identity === "" ? base : whole;
    const copy = button("", "fa-clipboard").attr({ title: word("copy"), "aria-label": `${word("copy")}: ${copied}` });
    copy.on("click", () => RED.clipboard.copyText(copied, copy, word("copied")));
    return $("<li>").append($("<code>").text(whole), copy, $("<span>").addClass("ev-note").text(note));
  }
}

function hostsOf({ host }: ServerAddress, network: NetworkPage | null): Listed[] {
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

/** Node-RED's own server; as the browser came to it where the runtime does not say. */
function ownServer(network: NetworkPage | null): NetworkPage["editor"] {
  const { protocol, port } = window.location;
  return network?.editor.port ? network.editor : { port: Number(port) || null, isSecure: protocol === "https:" };
}

function isLocal(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}
