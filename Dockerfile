# Node-RED's official image with the package. Built by `docker compose up -d --build`.
ARG NODE_RED=5
FROM nodered/node-red:${NODE_RED}
ARG PACKAGE=@phasewise/node-red-ev-charging
# Beside Node-RED, where it also finds nodes: the user folder is a volume, which would hide what lies there in the image.
RUN cd /usr/src/node-red && npm install --omit=dev --no-audit --no-fund "$PACKAGE"
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD node -e "fetch('http://127.0.0.1:1880/').then((a) => process.exit(a.status < 500 ? 0 : 1), () => process.exit(1))"
