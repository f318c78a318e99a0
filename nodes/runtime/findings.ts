import type { Node } from "node-red";
import type { Finding } from "../../lib/dlm/topology/checks/finding.ts";
import { EvError } from "../../lib/errors.ts";
import type { Site } from "../../lib/site/site.ts";
import type { ChoiceFinding } from "../../lib/upstream/choices.ts";
import { shorten } from "./start.ts";
import type { StatusLine } from "./status.ts";

/** A finding about the tree, or about the choice of back ends. */
type Shown = Finding | ChoiceFinding;

/**
 * Shows what the deploy check found about a node, each time it has run: an error as red status and once to Catch nodes, a warning
 * as yellow status and once in the log. `fine` is called when there is nothing.
 * @returns a function that stops it
 */
export function showFindings(node: Node, status: StatusLine, site: Site, fine: () => void): () => void {
  const told = new Set<string>();
  return site.plant.onCommit(() => {
    const findings = [...site.plant.findings, ...site.upstreams.findings].filter(({ nodeId }) => nodeId === node.id);
    const worst = findings.find(({ severity }) => severity === "error") ?? findings[0];
    for (const finding of findings) if (!told.has(finding.text)) tell(node, finding);
    told.clear();
    for (const { text } of findings) told.add(text);
    if (!worst) fine();
    else status.set(worst.severity === "error" ? "wrong" : "degraded", shorten(worst.text));
  });
}

function tell(node: Node, { severity, code, text }: Shown): void {
  const error = code === "BACK_END" ? "EV_CONFIG_INVALID" : "EV_ZONE_TREE";
  if (severity === "error") node.error(new EvError(error, text), {});
  else node.warn(text);
}
