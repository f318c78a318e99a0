/** How a charge point is now, in a few lines. Everything that it says of itself is put into the page as text, never as markup. */
import type { ChargePointPage, ConnectorPage, LimitPage } from "../../admin/types/charge-point-page-types.ts";
import { marked } from "../looks.ts";
import { numberText } from "../numbers.ts";
import { wordsOf } from "../words.ts";

const words = wordsOf("ev-charge-point");

/** @param isAuto whether its model is taken from what it says */
export function showLive(box: JQuery, live: ChargePointPage | null, isAuto: boolean): void {
  box.empty();
  const line = (text: string) => box.append($("<div>").append(marked(text)));
  if (!live) {
    line(words("live.unknown"));
    return;
  }
  const dot = $("<i>")
    .addClass("fa fa-circle")
    .addClass(live.online ? "ev-fine" : "ev-note");
  const said = [live.vendor, live.model].filter(Boolean).join(" ");
  const parts = [
    words(`live.state.${live.state}`),
    said || words("live.saysNothing"),
    live.firmware && words("live.firmware", { firmware: live.firmware }),
  ];
  box.append($("<div>").append(dot, document.createTextNode(` ${parts.filter(Boolean).join(" · ")}`)));
  if (isAuto) line(live.matched ? words("live.matched", { name: live.matched.name }) : words("live.unmatched"));
  if (live.pendingReboot.length > 0) line(words("live.reboot", { keys: live.pendingReboot.join(", ") }));
  for (const connector of live.connectors) line(connectorLine(connector));
}

function connectorLine({ connector, status, measuredA, limit }: ConnectorPage): string {
  const parts = [
    words("live.connector", { number: connector }),
    status ?? words("live.noStatus"),
    measuredA && words("live.measured", { amps: measuredA.map(amps).join(" / ") }),
    limit && limitText(limit),
  ];
  return parts.filter(Boolean).join(" · ");
}

function limitText(limit: LimitPage): string {
  const { requestedA, sentA, acceptedA, verified, leaseUntil, hint, way, trouble, writesToday } = limit;
  const asked = requestedA !== null && words("live.limit.asked", { amps: amps(requestedA) });
  const sent = sentA !== null && words("live.limit.sent", { amps: amps(sentA) });
  const accepted = acceptedA === null ? "" : words(`live.limit.${verified}`, { amps: amps(acceptedA) });
  const until = leaseUntil && words("live.limit.until", { until: new Date(leaseUntil).toLocaleTimeString() });
  const parts = [
    [asked, sent].filter(Boolean).join(", "),
    [accepted, until].filter(Boolean).join(" "),
    way,
    writesToday > 0 && words("live.limit.writes", { writes: writesToday }),
    trouble && [words(`live.trouble.${trouble}`), hint].filter(Boolean).join(": "),
  ];
  return parts.filter(Boolean).join(" · ");
}

function amps(value: number | null): string {
  return value === null ? "–" : numberText(value, 1);
}
