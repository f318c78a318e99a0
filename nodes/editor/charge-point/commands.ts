import { type FieldProblem, problemsOf, problemText } from "../../../lib/ocpp/rpc/field.ts";
import { ruleProblems } from "../../../lib/ocpp/v16/rules.ts";
import { withTransactionNumbers } from "../../../lib/ocpp/v16/transaction-id.ts";
import type { CommandPage, CommandsPage, KeysPage } from "../../admin/types/command-page-types.ts";
import { editorLanguage } from "../numbers.ts";
import { ask } from "../requests.ts";

let loaded: Promise<readonly CommandPage[]> | null = null;
let commands: readonly CommandPage[] = [];

/** The actions that go to a charge point, from the runtime; asked for once. Rejects with why not, in words. */
export function loadCommands(): Promise<readonly CommandPage[]> {
  loaded ??= ask<CommandsPage>("GET", "commands").then(
    (page) => {
      commands = page.commands;
      return commands;
    },
    (failure) => {
      // The next dialog asks again.
      loaded = null;
      throw failure;
    },
  );
  return loaded;
}

/** An action as the runtime described it; undefined before it did, and for one that there is not. */
export function commandOf(action: string): CommandPage | undefined {
  return commands.find((command) => command.action === action);
}

/** Everything that keeps a payload from being sent; how its fields go together only once each of them is right. */
export function payloadProblems({ action, request }: CommandPage, payload: unknown): FieldProblem[] {
  const sent = withTransactionNumbers(action, payload);
  const problems = problemsOf(request, sent);
  return problems.length > 0 ? problems : ruleProblems(action, sent);
}

/** What is wrong with fixed JSON, as a sentence; null when it may be sent, as far as it is known here. */
export function fixedProblem(action: string, json: string): string | null {
  let payload: unknown;
  try {
    payload = JSON.parse(json || "{}");
  } catch (error) {
    return (error as Error).message;
  }
  const command = commandOf(action);
  const [problem] = command ? payloadProblems(command, payload) : [];
  return problem ? problemText(problem, payload) : null;
}

/** The configuration keys that may be chosen for a charge point. */
export function loadKeys(chargePoint: string, model: string): Promise<KeysPage> {
  const query = new URLSearchParams({ chargePoint, model, language: editorLanguage() });
  return ask<KeysPage>("GET", `configuration-keys?${query}`);
}
