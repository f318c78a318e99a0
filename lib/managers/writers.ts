import { BlockList, isIP } from "node:net";
import { EvError } from "../errors.ts";

/** An address as people write it: an IPv4 one that came over IPv6 without its prefix. */
export function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:(?=\d+\.)/i, "");
}

/** Who may write: this machine, and the addresses and networks that a person listed. */
export class Writers {
  readonly #list = new BlockList();

  /** @param allowed addresses (`192.168.1.20`) and networks (`192.168.1.0/24`) @throws RangeError naming one that is none */
  constructor(allowed: readonly string[]) {
    this.#list.addSubnet("127.0.0.0", 8, "ipv4");
    this.#list.addAddress("::1", "ipv6");
    for (const one of allowed) this.#add(one);
  }

  allows(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#list.check(address, family === 6 ? "ipv6" : "ipv4");
  }

  #add(text: string): void {
    const [address = "", bits, ...rest] = text.split("/");
    const family = isIP(address);
    const most = family === 6 ? 128 : 32;
    const length = bits === undefined ? most : /^\d+$/.test(bits) ? Number(bits) : Number.NaN;
    if (family === 0 || rest.length > 0 || !(length <= most)) throw new RangeError(text);
    if (length === most) this.#list.addAddress(address, family === 6 ? "ipv6" : "ipv4");
    else this.#list.addSubnet(address, length, family === 6 ? "ipv6" : "ipv4");
  }
}

/** The same for a node. @throws EvError EV_CONFIG_INVALID naming one that is none */
export function readWriters(allowed: readonly string[]): Writers {
  try {
    return new Writers(allowed);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const mustBe = "it must be an address such as 192.168.1.20, or a network such as 192.168.1.0/24";
    throw new EvError("EV_CONFIG_INVALID", `writers holds ${error.message}; ${mustBe}`, { cause: error });
  }
}
