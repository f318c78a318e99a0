import type { Clock } from "../../lib/clock.ts";
import { EvError } from "../../lib/errors.ts";
import type { BorrowedLine } from "../runtime/borrowed-lines.ts";
import type { LineTestPage } from "./types/dialog-page-types.ts";

type UnitTest = LineTestPage["units"][number];

/** Any device answers a question for its first register, if only by saying that it has none. */
const FIRST_REGISTER = { functionCode: 3, address: 0, count: 1 } as const;

/** Asks units one after the other whether they are there. Rejects with EvError when there is no connection at all. */
export async function testLine(line: BorrowedLine, unitIds: readonly number[], clock: Clock): Promise<LineTestPage> {
  const startedMs = clock.nowMs();
  const units: UnitTest[] = [];
  for (const unitId of unitIds) units.push(await testUnit(line, unitId, clock));
  return { tookMs: Math.round(clock.nowMs() - startedMs), units };
}

async function testUnit({ bus, timeoutMs }: BorrowedLine, unitId: number, clock: Clock): Promise<UnitTest> {
  const startedMs = clock.nowMs();
  const told = (state: UnitTest["state"], text: string): UnitTest => {
    return { unitId, state, tookMs: Math.round(clock.nowMs() - startedMs), text };
  };
  try {
    await bus.read({ unitId, ...FIRST_REGISTER }, { timeoutMs, priority: "probe" });
    return told("answers", "");
  } catch (error) {
    if (!(error instanceof EvError)) throw error;
    if (error.code === "EV_MODBUS_EXCEPTION") return told(isGatewayAlone(error) ? "refuses" : "answers", error.message);
    if (error.code === "EV_MODBUS_TIMEOUT") return told("silent", error.message);
    if (error.code === "EV_MODBUS_FRAME") return told("nonsense", error.message);
    throw error;
  }
}

/** Exceptions 10 and 11 come from a gateway that does not reach the device. */
function isGatewayAlone(error: EvError): boolean {
  const { exceptionCode } = error as EvError & { exceptionCode?: number };
  return exceptionCode === 10 || exceptionCode === 11;
}
