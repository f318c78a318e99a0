import { ALARMS, type AlarmKind } from "../../alarm-types.ts";
import { isoTime } from "../../clock.ts";
import type { AlarmMessage } from "../../messages.ts";
import { sentence } from "../../words/sentence.ts";
import type { Language } from "../../words/types.ts";

/** One condition that is wrong now. */
export interface Condition {
  kind: AlarmKind;
  /** Meter, zone or connector concerned. */
  subject: string;
  /** What is wrong, with the numbers, in plain words. */
  text: string;
  /** What to look at first, as far as it is known in this case; goes in front of what the catalogue says. */
  hint?: string | null;
}

/** Turns conditions into pairs of messages: raised once when one begins, cleared once when it ends; told anew, raised, in another language. */
export interface Alarms {
  /** @param conditions all that are wrong now; what is missing from the list is cleared */
  update(conditions: readonly Condition[], wallMs: number): void;
  /** Those raised and not cleared, oldest first. */
  readonly active: readonly AlarmMessage[];
}

/** @param emit receives each message; what it throws is the caller's. @param language of what is to be done, asked at each update */
export function createAlarms(emit: (message: AlarmMessage) => void, language: () => Language = () => "en-US"): Alarms {
  const raised = new Map<string, AlarmMessage>();
  let told = language();
  return {
    update(conditions, wallMs) {
      const now = new Map(conditions.map((condition) => [`${condition.kind}/${condition.subject}`, condition]));
      for (const [key, message] of raised) {
        if (now.has(key)) continue;
        raised.delete(key);
        emit({ topic: message.topic, payload: { ...message.payload, state: "cleared" } });
      }
      const isRetold = told !== language();
      told = language();
      for (const [key, condition] of now) {
        const before = raised.get(key);
        if (before && !isRetold) continue;
        const message = raise(
          key,
          condition,
          before?.payload.since ?? isoTime(wallMs),
          sentence(told, `action.${condition.kind}`),
        );
        raised.set(key, message);
        emit(message);
      }
    },
    get active() {
      return [...raised.values()];
    },
  };
}

function raise(key: string, { kind, text, hint }: Condition, since: string, general: string): AlarmMessage {
  const action = hint ? `${asSentence(hint)} ${general}` : general;
  return {
    topic: `alarm/${key}`,
    payload: { key, state: "raised", severity: ALARMS[kind], since, text, action },
  };
}

function asSentence(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
