/** The parts of sax that are used here; the package describes no types itself. */
declare module "sax" {
  interface QualifiedTag {
    /** Without a prefix. */
    local: string;
    /** Its namespace; empty = none. */
    uri: string;
  }

  interface Parser {
    onopentag: (tag: QualifiedTag) => void;
    onclosetag: () => void;
    ontext: (text: string) => void;
    oncdata: (text: string) => void;
    ondoctype: () => void;
    onprocessinginstruction: (instruction: { name: string }) => void;
    onerror: (error: Error) => void;
    write(text: string): Parser;
    close(): Parser;
  }

  const sax: {
    parser(strict: true, options: { xmlns: true; strictEntities: true; trim: boolean }): Parser;
  };
  export default sax;
}
