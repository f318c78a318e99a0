/** What OCPP 1.6 asks of a request beyond the shape of its fields: how they go together. */
import { type FieldProblem, lastOf, type Path, valueAt } from "../rpc/field.ts";

type Rule = (request: unknown) => FieldProblem[];

/** Problems of a request whose fields are right one by one. Empty = it may be sent. */
export function ruleProblems(action: string, request: unknown): FieldProblem[] {
  return RULES.get(action)?.(request) ?? [];
}

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["SetChargingProfile", setChargingProfile],
  ["RemoteStartTransaction", remoteStart],
  ["SendLocalList", sendLocalList],
  ["GetDiagnostics", (request) => order(request, ["startTime"], ["stopTime"])],
  ["GetLog", (request) => order(request, ["log", "oldestTimestamp"], ["log", "latestTimestamp"])],
]);

/** §5.16, §7.8, §7.10. */
function setChargingProfile(request: unknown): FieldProblem[] {
  const at: Path = ["csChargingProfiles"];
  const purpose = valueAt(request, [...at, "chargingProfilePurpose"]);
  const connectorId = valueAt(request, ["connectorId"]);
  const problems = profile(request, at);
  if (purpose === "ChargePointMaxProfile" && connectorId !== 0)
    problems.push({ path: ["connectorId"], mustBe: "0: a ChargePointMaxProfile is for the charge point as a whole" });
  if (purpose === "TxProfile" && connectorId === 0)
    problems.push({ path: ["connectorId"], mustBe: "1 or more: a TxProfile is for the connector of its transaction" });
  return problems;
}

/** §5.16.2 with errata 3.41. */
function remoteStart(request: unknown): FieldProblem[] {
  const at: Path = ["chargingProfile"];
  if (valueAt(request, at) === undefined) return [];
  const problems = profile(request, at);
  if (valueAt(request, [...at, "chargingProfilePurpose"]) !== "TxProfile")
    problems.push({
      path: [...at, "chargingProfilePurpose"],
      mustBe: "TxProfile where a transaction is to be started",
    });
  if (valueAt(request, [...at, "transactionId"]) !== undefined)
    problems.push({ path: [...at, "transactionId"], mustBe: "left out: the transaction has no number yet" });
  return problems;
}

/** §7.8, §7.13 with errata 3.45 and 3.56. */
function profile(request: unknown, at: Path): FieldProblem[] {
  const read = (...steps: string[]) => valueAt(request, [...at, ...steps]);
  const problems = order(request, [...at, "validFrom"], [...at, "validTo"]);
  const recurs = read("chargingProfileKind") === "Recurring";
  if (recurs && read("recurrencyKind") === undefined)
    problems.push({ path: [...at, "recurrencyKind"], mustBe: "Daily or Weekly for a Recurring profile" });
  if (!recurs && read("recurrencyKind") !== undefined)
    problems.push({ path: [...at, "recurrencyKind"], mustBe: "left out: only a Recurring profile comes again" });
  const periodsAt = [...at, "chargingSchedule", "chargingSchedulePeriod"];
  const periods = valueAt(request, periodsAt);
  const starts = Array.isArray(periods)
    ? periods.map((_period, index) => Number(valueAt(periods, [index, "startPeriod"])))
    : [];
  const wrong = starts.findIndex((startS, index) => (index === 0 ? startS !== 0 : startS <= (starts[index - 1] ?? 0)));
  if (wrong === 0) problems.push({ path: [...periodsAt, 0, "startPeriod"], mustBe: "0 in the first step" });
  if (wrong > 0)
    problems.push({ path: [...periodsAt, wrong, "startPeriod"], mustBe: "later than that of the step before" });
  return problems;
}

/** §5.15, §7.1. */
function sendLocalList(request: unknown): FieldProblem[] {
  const at = "localAuthorizationList";
  const badges = valueAt(request, [at]);
  if (!Array.isArray(badges)) return [];
  const full = valueAt(request, ["updateType"]) === "Full";
  const seen = new Set<string>();
  return badges.flatMap((_badge, index) => {
    const problems: FieldProblem[] = [];
    const idTag = String(valueAt(badges, [index, "idTag"])).toLowerCase();
    if (seen.has(idTag))
      problems.push({ path: [at, index, "idTag"], mustBe: "a number that the list does not have yet" });
    seen.add(idTag);
    if (full && valueAt(badges, [index, "idTagInfo"]) === undefined)
      problems.push({
        path: [at, index, "idTagInfo"],
        mustBe: "there: a Full update says for each badge whether it may charge",
      });
    return problems;
  });
}

function order(request: unknown, from: Path, to: Path): FieldProblem[] {
  const [fromMs, toMs] = [from, to].map((path) => Date.parse(String(valueAt(request, path))));
  return fromMs! >= toMs! ? [{ path: to, mustBe: `later than ${lastOf(from)}` }] : [];
}
