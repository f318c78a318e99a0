import { room } from "../row.ts";

/** Whoever opens a dashboard, and users who may only look. */
export const RIGHTS = room("At the dashboard, and with a login that may only look", "rights.hostile.test.ts", {
  noLogin: {
    attack: "Somebody who has not logged in sends what changes something, to every node that takes messages",
    promise: "it counts as *other users*, not as a flow: refused where those may not, and in the log with the address",
  },
  forgedName: {
    attack: "Somebody writes the name of an admin into `_client`, into the handshake, or sends the admin's socket id",
    promise: "the name counts that the dashboard's server knows of the connection, and no other",
  },
  lists: {
    attack: "Somebody sends a list of messages, or lists in lists, with topics of their own",
    promise: "each of them is checked",
  },
  otherNodes: {
    attack:
      "Somebody makes the dashboard send as a node that is no widget: as a meter, or behind the node that sets the topic",
    promise:
      "no node of this package can be made to speak; what another one is made to say counts as said by a visitor",
  },
  impossible: {
    attack:
      "Somebody sends the dashboard what is no message: texts, lists in lists without end, ids such as `__proto__`",
    promise: "Node-RED runs on",
  },
  noClientData: {
    attack: "The dashboard is set to leave out which browser a message came from",
    promise: "it counts as *other users* all the same, whoever is logged in",
  },
  viewerActs: {
    attack: "A viewer sends what changes something, readings of meters and answers to questions among it",
    promise: "refused, and in the log; the same from an operator is obeyed",
  },
  diagnostics: {
    attack:
      "A viewer or an operator has a charger send its diagnostics or logs to an address, or load software from one",
    promise: "refused, and in the log with the address but not its password; the charger hears nothing",
  },
  roleNone: {
    attack: "Somebody with the role `none` asks for recordings, evidence, reasons, sessions, badges, alarms or the log",
    promise: "no answer",
  },
  buttons: {
    attack: "Somebody uses a form or a button of the shipped pages to send another topic, alone or in a list",
    promise: "the topic of that form or button is what arrives",
  },
  fullLog: {
    attack: "Somebody sends a thousand refused commands in a second",
    promise: "the log takes sixty of them, and one line for the rest",
  },
  writtenNames: {
    attack: "Somebody sends a name of several lines as that of who did it",
    promise: "it stays in one line, and beside it stands the address",
    shown: { file: "test/rights/roles.test.ts", test: "takes who did it and why from the message, in one line" },
  },
  addresses: {
    attack: "Somebody without a login, or with one that gives too little, asks each address of the editor's server",
    promise: "401 or 403; reading gives no writing",
  },
});
