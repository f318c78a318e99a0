import type { Node, NodeAPI, NodeMessage } from "node-red";
import { systemClock } from "../lib/clock.ts";
import type { Steered } from "../lib/commissioning/commissioning.ts";
import { isDrill, readDrill } from "../lib/commissioning/drills/request.ts";
import { drillMessage, drillPage, runningText } from "../lib/commissioning/drills/view.ts";
import { isCommissioning, readCommissioning } from "../lib/commissioning/request.ts";
import { newestResults } from "../lib/commissioning/results.ts";
import { newsMessage, resultView, targetView } from "../lib/commissioning/view.ts";
import { DecisionLog, isDecisionLogRequest } from "../lib/dlm/decision-log/decision-log.ts";
import { readInput } from "../lib/dlm/inputs/input.ts";
import {
  createDlmRuntime,
  type DlmConfig,
  type DlmOutput,
  type DlmRuntime,
  type DlmStatus,
} from "../lib/dlm/runtime/runtime.ts";
import type { ConnectorFacts } from "../lib/dlm/topology/facts.ts";
import { EvError } from "../lib/errors.ts";
import { answerEvidence, type EvidenceAnswer, isEvidenceRequest } from "../lib/evidence/request.ts";
import { answerConsumption, isConsumptionRequest } from "../lib/overview/consumption.ts";
import { type Done, doneBy } from "../lib/overview/done.ts";
import { LoadHistory } from "../lib/overview/load-history.ts";
import { isViewRequest } from "../lib/overview/views.ts";
import { PROOF_ROLE } from "../lib/rights/command-roles.ts";
import { tellSessions } from "../lib/session/sessions/session-flow.ts";
import { acquire, release } from "../lib/shared-resources.ts";
import { DlmMemory } from "../lib/site/dlm-memory.ts";
import type { Site } from "../lib/site/site.ts";
import type { StationChangeKind } from "../lib/station/types.ts";
import { forReaders, sentence } from "../lib/words/sentence.ts";
import { doerOf, isFromPeople, permitControl } from "./admin/rights.ts";
import { noteHistory, viewMessages } from "./admin/views.ts";
import { isContact } from "./runtime/contacts/meter-contact.ts";
import { dayPlan } from "./runtime/day-plans.ts";
import { showFindings } from "./runtime/findings.ts";
import type { Send } from "./runtime/input.ts";
import { limitWitness } from "./runtime/limit-evidence.ts";
import type { EvZoneNode } from "./runtime/node-types.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { reply, sendOut } from "./runtime/send.ts";
import { releaseSite, siteInForce } from "./runtime/site.ts";
import { shorten } from "./runtime/start.ts";
import type { StatusLine } from "./runtime/status.ts";

/** Changes of a charge point that allocation should answer at once. */
const URGENT: readonly StationChangeKind[] = [
  "online",
  "offline",
  "ready",
  "plug",
  "unplug",
  "transaction",
  "trouble",
  "definition",
  "removed",
];

type Listener = Omit<DlmOutput, "state" | "newest" | "decided">;

/** Shares the current of one root zone among its chargers. */
export default function register(RED: NodeAPI): void {
  registerNode(RED, "ev-dlm", {
    idle: "this node has an error in its properties and controls nothing",
    setUp: (node, read, status) => {
      const config = readConfig(read);
      const zone = zoneOf(RED, read.text("zone"));
      status.set("unknown", "ev-dlm.status.waiting");
      const { control, close } = tie(RED, node, zone, config, status);
      const root = () => zone.site.plant.controlledBy(node.id) ?? zone.nameInForce();
      const input = (message: NodeMessage, send: Send): void | Promise<void> => {
        if (isContact(message)) return undefined;
        control.check(message, node);
        if (isConsumptionRequest(message))
          send([null, reply(message, answerConsumption(message, zone.site.consumption)), null]);
        else if (isEvidenceRequest(message)) send([null, reply(message, control.evidence(message)), null]);
        else if (message.topic === "plan")
          return dayPlan(zone.site, root(), message.payload).then((payload) =>
            send([null, reply(message, { topic: "plan", payload }), null]),
          );
        else if (isDecisionLogRequest(message))
          return control.tell(message).then((answer) => send([null, answer, null]));
        else if (isCommissioning(message))
          return commission(zone.site, message).then((answer) => {
            if (answer) send([null, answer, null]);
          });
        else if (isDrill(message))
          return drill(zone.site, message).then((answer) => {
            if (answer) send([null, answer, null]);
          });
        else if (isViewRequest(message)) {
          // They share what else the request carries.
          const views = control.view(message).map((view) => RED.util.cloneMessage(view));
          for (const view of views) send([null, view, null]);
        } else {
          control.input(message);
          // Somebody at a dashboard is told what was done; a flow sees it in the rows.
          const payload = isFromPeople(message) ? control.done(message) : null;
          if (payload !== null) send([null, reply(message, { topic: "view/done", payload }), null]);
        }
      };
      return { input, close, language: () => zone.site.language };
    },
  });
}

/** Takes over the runtime of this node's last life, or makes one, and ties it to the node. */
function tie(RED: NodeAPI, node: Node, zone: RootZone, config: DlmConfig, status: StatusLine) {
  const { site } = zone;
  const key = `${site.key}/${node.id}`;
  const root = () => site.plant.controlledBy(node.id) ?? zone.nameInForce();
  const create = () => createControl(RED, site, node.id, root(), config);
  const control = acquire(
    "dlm",
    key,
    create,
    (running) => running.close(),
    (running) => running.leave(),
  );
  const { runtime, listen } = control;
  site.plant.putDlm(node.id, zone.nodeId);
  runtime.configure({ root: root(), config });
  const output = outputOf(node, status, site);
  listen(output);
  const stopStations = site.stations.onChange(({ kind }) => {
    if (URGENT.includes(kind)) runtime.poke();
  });
  const stopFindings = showFindings(node, status, site, () => {});
  const stopNews = site.commissioning.onNews((news) => {
    if (control.steered.decision()?.result.setpoints[news.target])
      sendOut(node, newsMessage(news, site.language), 1, 3);
  });
  const stopDrills = site.drills.onNews((news) => {
    if (!control.steered.decision()?.view.plant.byName.has(news.root)) return;
    sendOut(node, drillMessage(news, site.language), 1, 3);
    output.again();
  });
  const stopCommits = site.plant.onCommit(() => {
    site.commissioning.left(control.steered);
    site.drills.left(control.steered);
    runtime.configure({ root: root() });
    // Without any tree all of them say 0 A.
    if (site.plant.tree === null || site.plant.controlledBy(node.id) !== null) runtime.start();
    else runtime.close();
  });
  const close = (removed: boolean): Promise<void> => {
    site.commissioning.left(control.steered);
    site.drills.left(control.steered);
    for (const stop of [stopStations, stopFindings, stopNews, stopDrills, stopCommits]) stop();
    site.plant.retire("dlm", node.id);
    listen(null);
    return release("dlm", key, removed);
  };
  return { control, close };
}

interface Control {
  runtime: DlmRuntime;
  /** As runs that prove a wiring see it. */
  steered: Steered;
  input(message: NodeMessage): void;
  /** What a message has changed, for whoever sent it; null for one that needs no answer. */
  done(message: NodeMessage): Done | null;
  /** @throws EvError EV_ROLE_DENIED */
  check(message: NodeMessage, node: Node): void;
  /** @throws EvError EV_MESSAGE_INVALID for a request that cannot be read */
  evidence(request: NodeMessage): EvidenceAnswer;
  /** Answers a question about what was decided and why; rejects with EvError EV_MESSAGE_INVALID. */
  tell(request: NodeMessage): Promise<NodeMessage>;
  /** Rows for a dashboard. @throws EvError EV_MESSAGE_INVALID for rows that do not exist */
  view(request: NodeMessage): NodeMessage[];
  /** Where the results go; null while the node is away. */
  listen(listener: Listener | null): void;
  close(): Promise<void>;
  /** At the end of the process: it writes down what it knows. Its alarms stay raised, and it goes on with the next start. */
  leave(): void;
}

/** A runtime that outlives a deploy, and with it the site it works for. */
function createControl(RED: NodeAPI, site: Site, nodeId: string, root: string, config: DlmConfig): Control {
  const memory = new DlmMemory({ store: site.store, journal: site.journal, clock: systemClock }, `dlm/${nodeId}`);
  const language = () => site.language;
  const timeZone = () => site.timeZone;
  let listener: Listener | null = null;
  const witness = limitWitness(site, (text) => listener?.log(text));
  const alarms = site.alarms.loadManagement(root);
  const decisionLog = new DecisionLog(systemClock, memory.diary, language, timeZone);
  const history = new LoadHistory(memory.shelf);
  const startQuestions = site.stations.readings.starts();
  const steered: Steered = { decision: () => site.decisions.get(nodeId), poke: () => runtime.poke() };
  const output: DlmOutput = {
    decided: (decision) => {
      witness.decided(decision);
      decisionLog.decided(decision);
      startQuestions.decided(decision);
      site.decisions.set(nodeId, decision);
      site.commissioning.decided(decision, steered);
      site.drills.decided(decision, steered);
      noteHistory(site, nodeId, history);
      site.plant.sawADay(nodeId, decision.result.assumptions?.seenADay ?? new Set());
    },
    allocation: (message) => listener?.allocation(message),
    zone: (message) => listener?.zone(message),
    alarm: (message) => {
      alarms.take(message);
      listener?.alarm(message);
    },
    status: (status) => listener?.status(status),
    log: (text) => listener?.log(text),
    state: (saved, hasChanged) => memory.state(saved, hasChanged),
    newest: (saved) => memory.newest(saved),
  };
  acquire(
    "site",
    site.key,
    () => site,
    () => {},
  );
  const runtime = createDlmRuntime({
    root,
    clock: systemClock,
    plant: () => site.plant.tree,
    refusal: () => site.plant.errors[0]?.text ?? null,
    facts: (nowMs) => factsOf(site, nowMs),
    ceiling: (id) => {
      const limit = site.upstreams.ceiling(id);
      return limit && { ...limit, cause: "cloudLimit" };
    },
    commissioning: (id) => site.commissioning.ceiling(id) ?? site.drills.ceiling(id),
    drill: site.drills.sight,
    board: site.board,
    managers: site.managers,
    saved: memory.saved,
    config,
    output,
    language,
    called: (id) => site.names.called(id),
    timeZone,
    words: ({ code, note }) =>
      forReaders(site.language, `reason.${note ?? code}` as string) ?? forReaders(site.language, `reason.${code}`),
  });
  site.plant.sawADay(nodeId, runtime.seenADay);
  const isFlowDriven = (chargePoint: string) => site.stations.get(chargePoint)?.definition?.ocpp === false;
  const input = (message: NodeMessage) => {
    witness.pass(message, runtime);
    if (site.commissioning.isBusy || site.drills.running) hear(site, message);
    const moment = { nowMs: systemClock.nowMs(), wallMs: systemClock.wallMs() };
    tellSessions(site.sessions, message, root, isFlowDriven, moment);
  };
  const stopManagers = site.managers.onChange(() => runtime.poke());
  const stopLimits = site.upstreams.onLimit(() => runtime.poke());
  const detach = [site.commissioning.attach(steered), site.drills.attach(steered)];
  const stopReleases = site.releases.on((gone) => witness.forget(gone, runtime));
  const save = (): void => {
    decisionLog.close();
    history.save(systemClock.wallMs());
    memory.close(runtime.state());
  };
  return {
    runtime,
    steered,
    input,
    done: (message) => doneBy(message, site, systemClock.wallMs()),
    check: (message, node) => permitControl(site, node, message),
    evidence: (request) => answerEvidence(request, site.store.limitCommands),
    tell: async (request) => reply(request, await decisionLog.answer(request)),
    view: (request) => viewMessages(RED, site, nodeId, history, request),
    listen: (next) => {
      listener = next;
      if (next) runtime.configure({ output });
    },
    close: () => {
      for (const end of detach) end();
      stopLimits();
      stopReleases();
      stopManagers();
      startQuestions.stop();
      alarms.close();
      runtime.close();
      site.decisions.delete(nodeId);
      save();
      return releaseSite(site, false);
    },
    leave: () => {
      runtime.close();
      save();
      void releaseSite(site, false);
    },
  };
}

/** A sample of a meter is seen by a run that proves a wiring and by a drill, too. */
function hear(site: Site, message: NodeMessage): void {
  const input = readInput(message);
  if (input.kind !== "measurement" || input.quality !== "good") return;
  site.commissioning.measured(input.meter, input.currentA);
  site.drills.measured(input.meter, input.currentA);
}

/** Begins or ends a drill, or tells of all. @returns what is answered at once; null = its seconds are */
async function drill(site: Site, message: NodeMessage): Promise<NodeMessage | null> {
  const request = readDrill(message);
  if (request.name === "abort") site.drills.abort("person");
  if (request.name === "start") await site.drills.start({ asked: request.wish, by: doerOf(message) });
  if (request.name !== "list") return null;
  return reply(message, {
    payload: {
      ...drillPage(site.drills, (id) => site.names.called(id), site.language),
      mayDrill: site.rights.may(message, PROOF_ROLE),
    },
  });
}

/** Begins or ends a run that proves a wiring, or tells of all. @returns what is answered at once; null = its steps are */
async function commission(site: Site, message: NodeMessage): Promise<NodeMessage | null> {
  const request = readCommissioning(message);
  if (request.name === "abort") site.commissioning.abort("person");
  if (request.name === "start") await site.commissioning.start({ ...request, by: doerOf(message) });
  if (request.name !== "list") return null;
  const { commissioning, names, language, rights } = site;
  const isMeant = (target: string) => request.target === null || request.target === target;
  const results = newestResults(site.store).filter((result) => isMeant(result.target));
  const targets = commissioning.targets.filter(isMeant);
  const payload = {
    running: commissioning.running,
    targets: targets.map((target) => targetView(commissioning, { target, charger: names.called(target) }, language)),
    results: results.map((result) => resultView(result, language)),
    mayProve: rights.may(message, PROOF_ROLE),
  };
  return reply(message, { payload });
}

/** @returns where results go; `again` shows the state once more */
function outputOf(node: Node, status: StatusLine, site: Site): Listener & { again(): void } {
  const send = (output: number, message: object) => sendOut(node, message, output, 3);
  let last: DlmStatus | null = null;
  return {
    again: () => last && show(last, status, site),
    allocation: (message) => send(0, message),
    zone: (message) => send(1, message),
    alarm: (message) => {
      if (message.payload.state === "raised" && message.payload.severity === "alarm") node.warn(message.payload.text);
      send(2, message);
    },
    status: (now) => {
      last = now;
      show(now, status, site);
    },
    log: (text) => node.log(text),
  };
}

function show({ cars, usedA, limitA, failSafe, refused, failure }: DlmStatus, status: StatusLine, site: Site): void {
  const { language } = site;
  const load = `${usedA === null ? "?" : Math.round(usedA)}/${Math.round(limitA)} A`;
  const shared = `${sentence(language, "line.cars", { n: cars })} · ${load}`;
  const warnings = site.plant.findings.filter(({ severity }) => severity === "warning").length;
  const { running } = site.drills;
  if (running) status.set("degraded", shorten(runningText(running, language), ` ${running.leftS} s`));
  else if (failure !== null) status.set("wrong", shorten(failure));
  else if (refused !== null) status.set("wrong", shorten(refused));
  else if (failSafe !== null) status.set("degraded", sentence(language, "line.failSafe", { meter: failSafe }));
  else if (warnings > 0) status.set("degraded", `${shared} · ${sentence(language, "line.warnings", { n: warnings })}`);
  else status.set(cars > 0 ? "good" : "working", shared);
}

/** The zone a node controls. */
interface RootZone {
  nodeId: string;
  site: Site;
  /** Its name in the tree in force: the one it had, while a deploy that renames or breaks it is refused. */
  nameInForce(): string;
}

function zoneOf(RED: NodeAPI, id: string): RootZone {
  const zone = id ? (RED.nodes.getNode(id) as EvZoneNode | null) : null;
  const site = zone ? zone.site : siteInForce(id);
  if (!zone && !site) {
    const missing = id ? `the zone ${id} is missing or disabled` : "it is empty";
    throw new EvError("EV_CONFIG_MISSING", `zone: ${missing}; choose a root zone`);
  }
  const zoneName = zone?.zoneName;
  const inForce = () => site?.plant.tree?.zones.find(({ nodeId }) => nodeId === id)?.zone.id;
  if (!site || !(zoneName ?? inForce())) {
    throw new EvError("EV_CONFIG_MISSING", `zone: the zone ${id} has an error of its own; correct that first`);
  }
  return { nodeId: id, site, nameInForce: () => inForce() ?? zoneName ?? id };
}

/** Facts of the OCPP chargers, also of those that were taken out of the flow; one that no zone holds, neither as deployed nor in force, is not load managed. */
function factsOf(site: Site, nowMs: number): ConnectorFacts[] {
  const placed = new Set(site.plant.tree?.connectors.map(({ id }) => id));
  const served = site.stations.list().flatMap((station) => {
    if (station.definition?.ocpp === false) return [];
    const managed = site.plant.tree === null || (station.definition?.zone ?? null) !== null;
    return station.facts(nowMs).filter(({ id }) => managed || placed.has(id));
  });
  return [...served, ...site.departures.facts(nowMs)];
}

function readConfig(read: Properties): DlmConfig {
  return {
    cycleS: read.number("cycleS", 5, { min: 1, max: 60 }),
    shedding: read.choice("shedding", ["fifo", "duration", "energy"]),
    priorityPolicy: read.choice("priorityPolicy", ["minFirst", "strict"]),
    idlePolicy: read.choice("idlePolicy", ["minIfSpare", "zero"]),
    fairness: read.choice("fairness", ["current", "power"]),
    rampUpAps: read.number("rampUpAps", 0.5, { min: 0.01, max: 100 }),
    rotationS: read.number("rotationS", 900, { min: 60, max: 86_400 }),
  };
}
