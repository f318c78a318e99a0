import { EvError } from "../errors.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import { knownKeys } from "../station/capabilities/models/known-keys.ts";
import type { Station } from "../station/connection/station.ts";
import { ownName } from "../station/setup/configuration.ts";
import type { Language } from "../words/types.ts";
import { checkConfiguration } from "./check-configuration.ts";
import { giveUpUpdate, type UpdateSlot, updateFirmware } from "./firmware.ts";
import { requireIdle } from "./guard.ts";
import type { MaintenanceJob } from "./job.ts";
import { AUTHORIZATION_KEY, changeKey, rotateKey } from "./rotate-key.ts";
import type { MaintenanceCommand, MaintenanceDeps, Tell } from "./types.ts";
import { announceFile, fetchFile } from "./upload.ts";
import { keyNamed, valueProblem } from "./value-check.ts";

type Handler = (command: MaintenanceCommand, tell: Tell) => Promise<Record<string, unknown>>;

/** Commands to the charge points of a site: a command that could do harm is checked first, a command that takes time is followed. */
export class Maintenance {
  readonly #deps: MaintenanceDeps;
  readonly #jobs = new Set<MaintenanceJob>();
  readonly #update: UpdateSlot = { now: null };
  readonly #handlers: ReadonlyMap<string, Handler>;

  constructor(deps: MaintenanceDeps) {
    this.#deps = deps;
    deps.files.restore((upload, file) => announceFile(deps.stations, upload, file));
    const fetch: Handler = (command, tell) => fetchFile(deps, command, tell, this.#jobs);
    const update: Handler = (command, tell) => updateFirmware(deps, command, tell, this.#update);
    this.#handlers = new Map<string, Handler>([
      ["GetDiagnostics", fetch],
      ["GetLog", fetch],
      ["UpdateFirmware", update],
      ["SignedUpdateFirmware", update],
      ["CancelFirmwareUpdate", async ({ station }) => this.#cancelUpdate(station)],
      ["Reset", (command) => this.#reset(command)],
      ["ChangeConfiguration", (command) => this.#changeConfiguration(command)],
      ["RotateAuthorizationKey", ({ station, payload }) => this.#rotate(station, payload)],
      ["ForgetAuthorizationKey", async ({ station }) => this.#forget(station)],
      ["CertificateSigned", ({ station, payload }) => handOver(deps, station, payload)],
      ["RenewCertificate", ({ station }) => deps.certificates.renew(station)],
      ["InstallSiteRoot", ({ station }) => deps.certificates.installRoot(station)],
      ["RemoveCertificate", ({ station }) => removeCertificate(deps, station)],
      ["CheckConfiguration", ({ station }) => checkOf(station, deps.language)],
    ]);
  }

  /** Identity of the charge point whose firmware is being updated; null = none. */
  get updating(): string | null {
    return this.#update.now?.chargePoint ?? null;
  }

  /**
   * Sends a command.
   * @param tell what follows the answer, of commands that take time
   * @returns the charge point's answer, whatever it says
   * @throws EvError as StationHandle.call; EV_MAINTENANCE_REFUSED, EV_MESSAGE_INVALID before anything is sent
   */
  send(command: MaintenanceCommand, tell: Tell = () => {}): Promise<Record<string, unknown>> {
    const handler = this.#handlers.get(command.action);
    return handler ? handler(command, tell) : plain(command);
  }

  close(): void {
    for (const job of [...this.#jobs]) job.abandon();
    this.#update.now?.job.abandon();
  }

  async #reset(command: MaintenanceCommand): Promise<Record<string, unknown>> {
    const { station, force, action } = command;
    if (!force) {
      requireIdle(station, action);
      if (this.updating === station.identity)
        throw new EvError(
          "EV_MAINTENANCE_REFUSED",
          `the firmware of ${station.identity} is being updated; wait for its end, or send it with force: true`,
        );
    }
    return plain(command);
  }

  #cancelUpdate({ identity }: Station): Record<string, unknown> {
    const isIts = this.updating === identity;
    if (isIts) giveUpUpdate(this.#update, "it was given up by hand");
    return { status: isIts ? "Accepted" : "Rejected" };
  }

  async #changeConfiguration(command: MaintenanceCommand): Promise<Record<string, unknown>> {
    const { station, payload, force } = command;
    const request = payload as { key: string; value: string };
    const passwordKey = ownName(station.traits.config, AUTHORIZATION_KEY);
    if ([passwordKey, AUTHORIZATION_KEY].some((name) => name.toLowerCase() === request.key.trim().toLowerCase()))
      return changeKey(station, this.#deps.keys, request);
    const known = force ? undefined : keyNamed(knownKeys(station.modelProfile), request.key);
    const mustBe = known && valueProblem(known, request.value);
    if (mustBe)
      throw new EvError(
        "EV_MESSAGE_INVALID",
        `ChangeConfiguration: ${request.key} is "${request.value.slice(0, 60)}"; it must be ${mustBe}, or be sent with force: true`,
      );
    return plain(command);
  }

  #rotate(station: Station, { length }: Record<string, unknown>): Promise<Record<string, unknown>> {
    return rotateKey(station, this.#deps.keys, typeof length === "number" ? length : undefined);
  }

  #forget({ identity }: Station): Record<string, unknown> {
    const had = this.#deps.keys.has(identity);
    this.#deps.keys.forget(identity);
    return { status: "Accepted", forgotten: had };
  }
}

function plain({ station, action, payload }: MaintenanceCommand): Promise<Record<string, unknown>> {
  return station.call(action, payload, { priority: CALL_PRIORITY.command });
}

async function checkOf(station: Station, language: Language): Promise<Record<string, unknown>> {
  const configuration = await checkConfiguration(station, language);
  if (!configuration)
    throw new EvError(
      "EV_OCPP_TIMEOUT",
      `${station.identity} gave no configuration; what it said is in the log of messages`,
    );
  return { ...configuration };
}

function handOver({ certificates }: MaintenanceDeps, station: Station, payload: Record<string, unknown>) {
  return certificates.handOver(station, String(payload["certificateChain"]));
}

async function removeCertificate({ certificates }: MaintenanceDeps, { identity }: Station) {
  return { status: "Accepted", removed: await certificates.remove(identity) };
}
