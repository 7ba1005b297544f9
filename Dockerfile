FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE ./
COPY drizzle drizzle
COPY views views
COPY src src
COPY docker/*.sh docker/
# The sources run as they are: there is no build. The name on the path is a link, so that imports resolve from /app.
RUN chmod 755 src/main.ts \
  && ln -s /app/src/main.ts /usr/local/bin/postern \
  && install -d -o node -g node -m 700 /data
USER node
ENV DATA_DIR=/data BIND_ADDRESS=0.0.0.0
VOLUME /data
EXPOSE 3000
# The management listener stays on loopback inside the container.
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.MANAGEMENT_PORT || 3001}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["postern"]
CMD ["serve"]
