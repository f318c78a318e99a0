import type { Request, Response } from "express";
import { EvError, messageOf } from "../../lib/errors.ts";
import type { FailurePage } from "./types/meter-page-types.ts";

/** Mistakes of whoever asks; everything else is trouble with a device. */
const ASKED_WRONG: readonly string[] = [
  "EV_CONFIG_INVALID",
  "EV_CONFIG_MISSING",
  "EV_METER_PROFILE",
  "EV_MESSAGE_INVALID",
  "EV_COMMISSIONING",
  "EV_DRILL",
];

/** Status of an answer that says why not: 400, 403 for somebody who may not do it, 502. */
function statusOf({ code }: FailurePage): number {
  if (code === "EV_ROLE_DENIED") return 403;
  return ASKED_WRONG.includes(code) ? 400 : 502;
}

/** An admin endpoint: what `answer` gives goes out as JSON; what it throws or rejects with as `FailurePage`. */
export function answering(answer: (request: Request) => unknown): (request: Request, response: Response) => void {
  return (request, response) => {
    Promise.resolve()
      .then(() => answer(request))
      .then(
        (page) => void response.json(page),
        (error: unknown) => {
          const failure = failurePage(error);
          response.status(statusOf(failure)).json(failure);
        },
      )
      // The dialog was closed meanwhile.
      .catch(() => {});
  };
}

/** An error as dialogs show it. */
export function failurePage(error: unknown): FailurePage {
  return { code: error instanceof EvError ? error.code : "", message: messageOf(error) };
}

/** The JSON object that a dialog sent as a request's body; anything else counts as an empty one. */
export function bodyOf(body: unknown): Record<string, unknown> {
  return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {};
}
