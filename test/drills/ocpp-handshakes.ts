/** Handshakes gone wrong, from a seed: bytes on a TCP connection to the port of a central system. */
import { connect } from "node:net";

/** How long one is waited for; what the other side has not closed by then is cut off, ms. */
const PATIENCE_MS = 100;

const HEADERS = [
  ...["Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"],
  ...["Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol: ocpp1.6"],
];
const STRANGE = [
  ...[
    "Authorization: Basic !!!",
    "Authorization: Basic Og==",
    "Authorization: Bearer x",
    "Origin: null",
    "Origin: http://[",
  ],
  ...[
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: 1\r\nContent-Length: 2",
    "Transfer-Encoding: chunked",
  ],
  ...["Sec-WebSocket-Protocol: ocpp2.0.1", "Sec-WebSocket-Protocol: ,", "Sec-WebSocket-Protocol: ocpp1.6, ocpp1.6"],
  ...[
    "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99",
    "Sec-WebSocket-Extensions: ;;=",
    "Upgrade: h2c",
  ],
  ...[
    "Sec-WebSocket-Version: 99999999999",
    "Sec-WebSocket-Key: ",
    "Connection: close",
    "Expect: 100-continue",
    ": x",
    "\u0000: y",
  ],
];
const TARGETS = [
  ...[
    "/%",
    "/%E0%A4%A",
    "/",
    "//",
    "/..",
    "/__proto__",
    "/a%00b",
    "/%2e%2e%2f",
    "*",
    "http://[/x",
    "/?id=%",
    "/x?id=a&id=b",
  ],
  ...[`/${"x".repeat(5000)}`, "/\u00ff", "x", "", "/ /", "/WILD-1/../WILD-2", "/%F0%9F%98%80"],
];

/** A request with a few things wrong, as bytes. */
export function strangeRequest(random: () => number): Buffer {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  if (random() < 0.1)
    return Buffer.from(Array.from({ length: Math.floor(random() * 300) }, () => Math.floor(random() * 256)));
  const headers = HEADERS.filter(() => random() > 0.1);
  while (random() < 0.5) headers.splice(Math.floor(random() * headers.length), 0, pick(STRANGE));
  if (random() < 0.05) headers.push(...Array.from({ length: 3000 }, (_, index) => `x-${index}: y`));
  const method = random() < 0.9 ? "GET" : pick(["POST", "OPTIONS", "CONNECT", "PRI", "get", "\u0016\u0003"]);
  const target = random() < 0.3 ? pick(TARGETS) : `/WILD-H${Math.floor(random() * 5)}`;
  const version = random() < 0.95 ? "HTTP/1.1" : pick(["HTTP/1.0", "HTTP/9.9", "HTTP", ""]);
  const bytes = Buffer.from(`${method} ${target} ${version}\r\n${headers.join("\r\n")}\r\n\r\n`, "latin1");
  const body = random() < 0.3 ? Buffer.from([0x81, 0x85, 0, 0, 0, 0, 0x5b, 0x32, 0xff, 0x5d]) : Buffer.alloc(0);
  const whole = Buffer.concat([bytes, body]);
  if (random() < 0.2) whole[Math.floor(random() * whole.length)] = Math.floor(random() * 256);
  return random() < 0.2 ? whole.subarray(0, Math.floor(random() * whole.length)) : whole;
}

/** Sends it in pieces and ends the connection one way or another. @returns the status line that came back, "" when none did */
export function handshake(port: number, bytes: Buffer, random: () => number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    const timer = setTimeout(() => (random() < 0.5 ? socket.destroy() : socket.resetAndDestroy()), PATIENCE_MS);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (answer.startsWith("HTTP/1.1 101")) socket.destroy();
    });
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(answer.split("\r\n", 1)[0] ?? "");
    });
    const at = Math.floor(random() * bytes.length);
    socket.write(bytes.subarray(0, at));
    setImmediate(() => socket.writable && socket.write(bytes.subarray(at)));
  });
}
