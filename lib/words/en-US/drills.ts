/** Drills on a running site: what they are, what was done and seen, and what to do. */
export const drill = {
  link: "connection to {target} cut",
  meter: "meter {target} dead",
  limit: "limit of the network operator at {target}",
  disobey: "{target} does not obey",
  running: "Drill: {what}, at most {seconds} s more",
  returning: "Drill: {what}, put back; waits {seconds} s at most until all is as before",
  limitReason: "a drill",
  beganLink: "The connection to {target} was closed and is held shut.",
  beganMeter: "Readings of the meter {target} are ignored by load management.",
  beganLimit:
    "{limit} W are commanded for the chargers of {target}: what §14a EnWG leaves {devices} chargers behind one control.",
  beganLimitGiven: "{limit} W are commanded for the {devices} chargers of {target}.",
  beganDisobey: "{target} seems to draw {current} at a limit of {limit}. Its car is not touched.",
  leaseOver: "The limit of the charger has ended.",
  toldAll: "All chargers have confirmed limits that are low enough.",
  down: "What is drawn is low enough.",
  putBack: "All was put back.",
  back: "All is as before.",
  linkFell: "By the meter, {target} came down to its safe current of {safe} after {seconds} s, by itself.",
  linkRegister:
    "By its own energy register, {target} came down to its safe current of {safe} after about {seconds} s, by itself.",
  linkStayed: "{target} still drew {current} after {seconds} s without a connection.",
  linkStayedCure:
    "Set the current without a connection on the charger itself to {safe}. Until then, set its safe current here to its maximum, so that it stays reserved.",
  linkUnseen: "Nothing shows when the charger came down.",
  linkUnseenCure:
    "Put a meter above the charger that sends a sample every few seconds, or watch the charger's display during a drill.",
  confirmed: "The chargers had confirmed limits of {limit} together after {seconds} s.",
  notConfirmed: "The limits of the chargers were not low enough after {seconds} s.",
  meterCure: "Look at the alarms, and at the chargers that do not answer. Check the fail-safe current of the zone.",
  limitCure: "Look at the alarms, and at the chargers that do not answer or are not connected.",
  disobeyCure: "Look at the alarms, and at the other chargers: those that do not answer cannot give way.",
  lateCure:
    "At most {allowed} s are expected. Look for slow answers of chargers in the OCPP log, and for a long cycle of ev-dlm or a long lease.",
  drawn: "By their own readings, they drew no more than that after {seconds} s.",
  notDrawn: "By their readings, they still drew {measured} at the end; {limit} are safe.",
  notDrawnCure: "Find the charger that draws more than its limit: the sidebar names it, and the setting to check.",
  unseen: "No new reading shows what the chargers drew.",
  unseenCure: "Let the chargers report their currents every 10 s, or run the drill for longer.",
  linkBack: "The connection is open again; the charger was back {seconds} s later.",
  linkOpen: "The connection is open again; the charger comes back by itself.",
  linkAway: "The connection is open again, but the charger has not come back yet.",
  linkAwayCure: "Some chargers dial again after minutes only. If it stays away, restart it.",
  meterBack: "The readings of the meter count again.",
  limitBack: "The limit is gone.",
  disobeyBack: "The readings are the charger's own again.",
  cutShort: "It was broken off before everything could be seen.",
  cutShortCure: "Run the drill again.",
};

/** Why a drill ended. */
export const drillEnd = {
  finished: "Gone through.",
  person: "Stopped by hand.",
  room: "Stopped: a phase came near its limit. Try again while less is drawn.",
  car: "Stopped: the car no longer charges.",
  gone: "Stopped: a charger was taken out of the flow.",
  deploy: "Stopped by a deploy.",
  restart: "Stopped: Node-RED ended meanwhile.",
};

/** The part of a page on which drills are held. */
export const drillPage = {
  which: "Drill",
  where: "At",
  seconds: "Seconds at most",
  limitW: "Limit, W (empty: what §14a leaves)",
  start: "Start",
  abort: "Abort",
  none: "No drill was held yet.",
  more: "What was done, and the curve",
  ask: "{what}: begin now, on the running site?",
  commanded: "commanded",
  measured: "measured",
  safe: "safe",
  link: "Connection cut",
  meter: "Meter dead",
  limit: "Limit of the network operator",
  disobey: "One charger disobeys",
  linkNote:
    "The charger's connection is held shut until its lease has ended: some minutes. A car has to charge there, and 4 A have to be left above it.",
  meterNote:
    "Load management ignores the meter for less than a minute. A car has to charge below it, and 4 A have to be left.",
  limitNote: "A power is commanded for the chargers of the zone, for a minute at most.",
  disobeyNote: "Load management sees a draw above the limit there. The car is not touched; other cars give way.",
};
