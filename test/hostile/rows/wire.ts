import { room } from "../row.ts";

const SERVED = "a configured charger's median answer takes less than 50 ms, with 700 MB of memory for Node-RED";

/** Whoever reaches the port of the central system. */
export const WIRE = room("At the port that chargers dial", "wire.hostile.test.ts", {
  greatFrames: {
    attack: "Eighty strangers without a password send messages of 250 kB without a pause",
    promise: `each is thrown out at 8 kB; ${SERVED}`,
  },
  manyFrames: {
    attack: "A hundred and twenty strangers send short messages, empty ones too, without a pause",
    promise: `they share a hundred messages a second among them, each at most 16 kB a second; ${SERVED}`,
  },
  pings: {
    attack: "Forty strangers send pings without a pause",
    promise: `all of a moment are answered by one pong; ${SERVED}`,
  },
  fragments: {
    attack: "Forty strangers begin a message in small pieces and never end it",
    promise: `each is thrown out at 16 kB; ${SERVED}`,
  },
  deafStrangers: {
    attack: "Forty strangers ask without a pause and read no answer",
    promise: `their questions are read at 16 kB a second, and 64 kB of answers wait at most; ${SERVED}`,
  },
  silentSockets: {
    attack: "A stranger opens a thousand sockets and says nothing",
    promise: "500 of them are kept at most, the others make room; nobody is kept out",
    shown: {
      file: "test/ocpp/strangers.test.ts",
      test: "that opens a thousand sockets and says nothing keeps nobody out",
    },
  },
  messageLog: {
    attack: "A stranger connects under thousands of names",
    promise: "the log of messages keeps what added chargers sent",
    shown: {
      file: "test/ocpp/log/message-log.test.ts",
      test: "keeps what added charge points sent, however many names",
    },
  },
  handshakes: {
    attack: "Forty strangers connect and leave without a pause",
    promise: `of unknown chargers five a second are let in, after a burst of 200; ${SERVED}`,
  },
  servedFlood: {
    attack: "A charger that is served, because it has no password, sends messages of 250 kB without a pause",
    promise: `they take turns with everybody else's; ${SERVED}`,
  },
  bombs: {
    attack:
      "A charger that is served sends, with raw events on, messages of 250 kB made to be slow to read, to check or to redact",
    promise: "nobody waits longer than half a second for any of them",
  },
  growth: {
    attack: "Any text that comes from outside meets a pattern that it was made for",
    promise: "each pattern of the product takes time in proportion to the text; all are read from the source and tried",
    shown: { file: "test/patterns.test.ts", test: "take time in proportion to the text that they meet" },
  },
  foreignCertificate: {
    attack:
      "A charger asks for a certificate in the name of another, with a weak key, or for a key that it does not have",
    promise: "it gets none, and flows are told why; a certificate that was removed lets nobody in",
    shown: {
      file: "test/nodes/charge-point-certificates.test.ts",
      test: "are not signed for another name, a weak key, a wrong signature or without TLS and password",
    },
  },
  secrets: {
    attack: "Somebody reads raw events or the log of messages for passwords, PINs, tokens and logins",
    promise: "they are not there, wherever they stood in the message",
    shown: { file: "test/ocpp/log/redact.test.ts", test: "never has a secret, wherever it stands in whatever JSON" },
  },
  rubbish: {
    attack: "A stranger sends frames and requests that make no sense, before and after the handshake",
    promise: "each is answered, dropped or ends its own connection; a charger with a password is served meanwhile",
  },
  halfHandshakes: {
    attack: "A stranger leaves a hundred handshakes half done",
    promise: "nobody is kept out",
    shown: { file: "test/ocpp/hostile.test.ts", test: "that leaves a hundred handshakes half done keeps nobody out" },
  },
  headers: {
    attack: "A stranger sends endless headers",
    promise: "it is cut off; the others are served",
    shown: { file: "test/ocpp/threats.test.ts", test: "who sends endless headers is cut off" },
  },
  greatMessage: {
    attack: "Somebody sends a message of five megabytes, or offers to compress",
    promise: "the connection ends with 1009; compression is never agreed to",
    shown: { file: "test/ocpp/threats.test.ts", test: "who sends five megabytes is cut off (threat 8)" },
  },
  resets: {
    attack: "A stranger resets connections at every stage of the handshake",
    promise: "nothing ends",
    shown: { file: "test/ocpp/threats.test.ts", test: "who resets connections at every stage crashes nothing" },
  },
  nesting: {
    attack: "A charger nests a payload 20,000 levels deep, or lists 100,000 elements",
    promise: "it gets a CALLERROR",
    shown: { file: "test/ocpp/hostile.test.ts", test: "that nests 20 000 levels gets a CALLERROR" },
  },
  prototype: {
    attack: "A charger uses `__proto__` as id, action and key",
    promise: "nothing changes that is not its own",
    shown: { file: "test/ocpp/hostile.test.ts", test: "with __proto__ as id, action and key changes nothing" },
  },
  neverReads: {
    attack: "A charger never reads what it is sent",
    promise: "it is cut off",
    shown: { file: "test/ocpp/hostile.test.ts", test: "that never reads what it is sent is cut off" },
  },
  noPassword: {
    attack: "A stranger poses as a charger without knowing its password",
    promise: "401, and no session",
    shown: { file: "test/ocpp/threats.test.ts", test: "who poses as a charge point without its password gets 401" },
  },
  secondClaim: {
    attack: "A stranger connects with the identity of a connected charger",
    promise: "without the password nothing changes; a frozen old connection keeps nobody out",
    shown: { file: "test/ocpp/threats.test.ts", test: "who connects as one that is connected changes nothing" },
  },
  guesses: {
    attack: "A stranger guesses passwords",
    promise: "it waits longer and longer; the real charger's connection and other identities are not disturbed",
    shown: { file: "test/ocpp/threats.test.ts", test: "who guesses disturbs neither a session of that identity" },
  },
  otherPassword: {
    attack: "One charger's password is used for another charger",
    promise: "401",
    shown: { file: "test/ocpp/threats.test.ts", test: "who has one charge point's password cannot use it for another" },
  },
  webPage: {
    attack: "A web page in somebody's browser poses as a charger without a password",
    promise: "403",
    shown: { file: "test/ocpp/threats.test.ts", test: "whose web page opens a socket in somebody's browser gets 403" },
  },
});
