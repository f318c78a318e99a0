# Node-RED's official image with the package of this checkout. Built by `docker compose up -d --build`.
ARG NODE_RED=5

# Packs the checkout. On Debian: the Node.js that builds comes with the development packages and does not run on Alpine.
FROM docker.io/library/node:24-slim AS package
WORKDIR /package
COPY . .
RUN npm pack --loglevel=error && mv *.tgz /package.tgz && rm -rf node_modules ~/.npm

# Beside Node-RED, where it also finds nodes: the user folder is a volume, which would hide what lies there in the image.
FROM docker.io/nodered/node-red:${NODE_RED}
WORKDIR /usr/src/node-red
COPY --from=package /package.tgz ev-charging.tgz
RUN npm install --omit=dev --no-audit --no-fund --cache /tmp/npm ./ev-charging.tgz && rm -rf /tmp/npm
