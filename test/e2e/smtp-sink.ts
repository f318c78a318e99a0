/** A mail server that takes what comes and keeps it: as much of SMTP (RFC 5321) as a sender needs. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

export interface Mail {
  /** Decoded user of the authentication. */
  user: string;
  to: string[];
  /** Head and body as they came, without the dots that SMTP adds. */
  text: string;
}

export class SmtpSink {
  readonly mails: Mail[] = [];
  /** True = senders are told that the mailbox is full. */
  full = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {}).on("close", () => this.#sockets.delete(socket));
      this.#serve(socket);
    });
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #serve(socket: Socket): void {
    let buffered = "";
    let body: string[] | null = null;
    let mail: Mail = { user: "", to: [], text: "" };
    const say = (line: string) => socket.write(`${line}\r\n`);
    const command = (line: string): void => {
      const [verb = ""] = line.toUpperCase().split(" ");
      if (verb === "EHLO") say("250-sink\r\n250 AUTH PLAIN");
      else if (verb === "AUTH") {
        const [, user = ""] = Buffer.from(line.split(" ")[2] ?? "", "base64")
          .toString()
          .split("\0");
        mail.user = user;
        say("235 welcome");
      } else if (verb === "RCPT" && this.full) say("452 4.2.2 mailbox full");
      else if (verb === "RCPT") {
        mail.to.push(/<(.*)>/.exec(line)?.[1] ?? "");
        say("250 ok");
      } else if (verb === "DATA") {
        body = [];
        say("354 go on");
      } else if (verb === "QUIT") socket.end("221 bye\r\n");
      else say("250 ok");
    };
    const take = (line: string): void => {
      if (!body) command(line);
      else if (line === ".") {
        this.mails.push({ ...mail, text: body.join("\r\n") });
        mail = { user: mail.user, to: [], text: "" };
        body = null;
        say("250 taken");
      } else body.push(line.startsWith(".") ? line.slice(1) : line);
    };
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = `${buffered}${chunk}`.split("\r\n");
      buffered = lines.pop() ?? "";
      for (const line of lines) take(line);
    });
    say("220 sink");
  }
}

/** The attachment of a mail, decoded; null = it has none. */
export function attachmentOf({ text }: Mail): { filename: string; content: string } | null {
  const [, filename = ""] = /filename="?([^"\r\n;]+)/.exec(text) ?? [];
  const part = text.split(/\r\n--/).find((one) => /content-disposition: attachment/i.test(one));
  if (!part) return null;
  const encoded = part.slice(part.indexOf("\r\n\r\n") + 4);
  const isBase64 = /content-transfer-encoding: base64/i.test(part);
  return { filename, content: isBase64 ? Buffer.from(encoded, "base64").toString("utf8") : encoded };
}
