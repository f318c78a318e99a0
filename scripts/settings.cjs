// Settings of the demo Node-RED that `npm start` runs: this checkout's nodes, nothing of the user's own installation.
"use strict";
const path = require("node:path");

module.exports = {
  uiHost: process.env.HOST || "127.0.0.1",
  uiPort: Number(process.env.PORT || 1880),
  userDir: process.env.USER_DIR,
  nodesDir: [path.join(__dirname, "..")],
  flowFile: "flows.json",
  flowFilePretty: true,
  credentialSecret: "phasewise-demo",
  diagnostics: { enabled: true, ui: true },
  telemetry: { enabled: false },
  editorTheme: { tours: false, projects: { enabled: false }, header: { title: "Phasewise" } },
  logging: { console: { level: process.env.LOG_LEVEL || "info", metrics: false, audit: false } },
};
