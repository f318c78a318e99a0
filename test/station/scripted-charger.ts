import { EvError } from "../../lib/errors.ts";
import { OcppCallError } from "../../lib/ocpp/rpc/call-error.ts";
import type { FakeConnection, SentCall } from "./fake-charge-point.ts";

/** One configuration key of a scripted charge point. */
export interface ScriptedKey {
  value: string;
  readonly?: boolean;
  /** Its answer to a new value; Accepted without it. */
  says?: (value: string) => "Accepted" | "Rejected" | "RebootRequired" | "NotSupported";
  /** What it makes of a value that it accepted. */
  keeps?: (value: string) => string;
}

export interface Script {
  keys?: Record<string, string | ScriptedKey>;
  /** Keys it takes in one GetConfiguration; more, or none, are not answered. */
  maxKeys?: number;
  /** Answers no GetConfiguration without keys, or none at all. */
  silent?: "withoutKeys" | "configuration";
  /** Status by requested message, or by message and connector (`StatusNotification 1`); `unknown` = CALLERROR NotImplemented. */
  triggers?: Record<string, "Accepted" | "Rejected" | "NotImplemented" | "unknown">;
}

/** A charge point's answers by a script. Its configuration lasts over connections, as a real one's does. */
export class ScriptedCharger {
  readonly #script: Script;
  readonly keys: Map<string, ScriptedKey>;

  constructor(script: Script = {}) {
    this.#script = script;
    this.keys = new Map(
      Object.entries(script.keys ?? {}).map(([key, entry]) => [
        key,
        typeof entry === "string" ? { value: entry } : entry,
      ]),
    );
  }

  /** For `FakeConnection.answer`. */
  readonly answer: FakeConnection["answer"] = (action, payload) => {
    if (action === "GetConfiguration") return this.#read((payload["key"] as string[] | undefined) ?? []);
    if (action === "ChangeConfiguration") return this.#write(String(payload["key"]), String(payload["value"]));
    if (action === "TriggerMessage") return this.#trigger(payload);
    return { status: "Accepted" };
  };

  #read(names: readonly string[]): Record<string, unknown> | Error {
    const { silent, maxKeys } = this.#script;
    const tooMany = maxKeys !== undefined && (names.length === 0 || names.length > maxKeys);
    if (silent === "configuration" || tooMany || (silent && names.length === 0)) return noAnswer();
    const found = names.length === 0 ? [...this.keys.keys()] : names.flatMap((name) => this.#spelling(name) ?? []);
    return {
      configurationKey: found.map((key) => {
        const { value, readonly = false } = this.keys.get(key)!;
        return { key, value, readonly };
      }),
      unknownKey: names.filter((name) => this.#spelling(name) === undefined),
    };
  }

  #write(name: string, value: string): Record<string, unknown> | Error {
    if (this.#script.silent === "configuration") return noAnswer();
    const key = this.#spelling(name);
    if (key === undefined) return { status: "NotSupported" };
    const entry = this.keys.get(key)!;
    const status = entry.says?.(value) ?? "Accepted";
    if (status === "Accepted") entry.value = entry.keeps?.(value) ?? value;
    return { status };
  }

  #trigger({ requestedMessage, connectorId }: Record<string, unknown>): Record<string, unknown> | Error {
    const { triggers = {} } = this.#script;
    const status = triggers[`${requestedMessage} ${connectorId}`] ?? triggers[String(requestedMessage)] ?? "Accepted";
    return status === "unknown" ? new OcppCallError("NotImplemented", "unknown message", {}) : { status };
  }

  #spelling(name: string): string | undefined {
    return [...this.keys.keys()].find((key) => key.toLowerCase() === name.toLowerCase());
  }
}

/** ChangeConfiguration requests as `key=value`. */
export const writes = ({ calls }: { calls: readonly SentCall[] }): string[] =>
  calls
    .filter(({ action }) => action === "ChangeConfiguration")
    .map(({ payload }) => `${payload["key"]}=${payload["value"]}`);

/** Keys of each GetConfiguration; an empty list stands for all. */
export const reads = ({ calls }: { calls: readonly SentCall[] }): string[][] =>
  calls
    .filter(({ action }) => action === "GetConfiguration")
    .map(({ payload }) => (payload["key"] as string[] | undefined) ?? []);

/** TriggerMessage requests as `message` or `message connector`. */
export const triggers = ({ calls }: { calls: readonly SentCall[] }): string[] =>
  calls
    .filter(({ action }) => action === "TriggerMessage")
    .map(({ payload }) => [payload["requestedMessage"], payload["connectorId"]].filter(Boolean).join(" "));

const noAnswer = (): Error => new EvError("EV_OCPP_TIMEOUT", "no answer");
