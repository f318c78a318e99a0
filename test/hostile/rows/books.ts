import { room } from "../row.ts";

/** Whoever may do something, and what is written and billed. */
export const BOOKS = room("In the editor's dialogs, in the books and in flows", "books.hostile.test.ts", {
  foreignForms: {
    attack: "A page of another site sends forms to the editor's server through somebody's browser",
    promise: "nothing is taken that is not JSON (firmware: octets) from the editor's own pages",
  },
  trialSecrets: {
    attack:
      "Somebody with `ev-charging.write` alone tries out an expression that reads the environment or a flow's context",
    promise: "a trial sees neither, and says so",
  },
  trialTime: {
    attack: "Somebody tries out an expression that never ends, or a pattern that takes years",
    promise: "it is ended after two seconds and told why; chargers are answered meanwhile",
  },
  trialFiles: {
    attack: "Somebody with `ev-charging.write` alone names a file of the machine as a meter's profile",
    promise: "only JSON files of the user folder are looked at, none with secrets, and nothing of them is shown",
  },
  reportPassword: {
    attack:
      "Somebody with `ev-charging.write` alone sends a report's test, and its stored password, to an address of their own",
    promise: "the stored password goes to the deployed address alone",
    shown: { file: "test/nodes/ev-report.test.ts", test: "the deployed password to the deployed one alone" },
  },
  impossibleEnergy: {
    attack: "A charger reports energy that cannot have flowed",
    promise: "no more is billed than fits through the cable in the time, and the session has a flag",
    shown: {
      file: "test/nodes/ev-sessions.test.ts",
      test: "bills what can have flowed, and names it doubtful, when a register on the way is another one's",
    },
  },
  flowsMessages: {
    attack: "A flow changes and deletes everything in the messages it is given",
    promise: "nodes say, show and keep what they would have without that",
    shown: {
      file: "test/nodes/handed-over.long.test.ts",
      test: "changes nothing in what the nodes say, show and keep afterwards",
    },
  },
  unreadableKeys: {
    attack: "Somebody makes the database unreadable to get rid of passwords that were given over OCPP",
    promise: "503 for whoever has one; passwords in the flow's credentials count, and afterwards all is as it was",
  },
  unreadableKeysOpen: {
    attack: "The same while chargers are connected",
    promise: "open sockets stay",
    shown: { file: "test/station/keys-unreadable.test.ts", test: "leave open sockets open" },
  },
  healthToken: {
    attack: "Somebody guesses the token of the health page, or tries an empty one",
    promise:
      "401, after five wrong ones 429; a token opens the health page alone, and one of fewer than 16 characters nothing",
    shown: { file: "test/nodes/ev-site-health.test.ts", test: "takes the token of the site" },
  },
  noGuess: {
    attack: "Somebody behind the same address dials again and again without a password",
    promise: "that is no guess: nobody waits",
    shown: { file: "test/ocpp/threats.test.ts", test: "who shows no password has guessed none" },
  },
  hiddenGuesses: {
    attack: "A stranger floods with invented names, or at one charger, to hide a wrong password at another one",
    promise: "events have budgets of their own for each kind, for strangers and for each charger",
    shown: { file: "test/ocpp/threats.test.ts", test: "hides no wrong password elsewhere" },
  },
  inventedNames: {
    attack: "A stranger invents identities without end",
    promise: "what is remembered for them is bounded, and forgotten after a day",
    shown: { file: "test/station/connection/central-system.test.ts", test: "is forgotten after a day away" },
  },
  fileNames: {
    attack: "A charger uploads a file whose name holds folders, line ends, markup or five thousand letters",
    promise: "events carry a plain name that fits a line",
    shown: { file: "test/files/transfers.test.ts", test: "tell no name with" },
  },
});
