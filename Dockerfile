# Builds dist/lapak as on any Debian 12, and puts it alone into a small image.
FROM node:20-bookworm AS build
WORKDIR /src
# The packages first: they change less often than the source.
COPY package.json bun.lock bunfig.toml ./
COPY tools/prepare.sh tools/build-redis.sh tools/
RUN sh -c '. tools/prepare.sh && need_compiler && sh tools/build-redis.sh .cache/redis'
COPY . .
RUN npm run build

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --user-group --home-dir /data --shell /usr/sbin/nologin lapak \
  && install -d -o lapak -g lapak -m 0700 /data
COPY --from=build /src/dist/lapak /usr/local/bin/lapak
USER lapak
WORKDIR /data
ENV DATA_DIR=/data HOST=0.0.0.0 PORT=3000
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
# The first start makes the database; a later one may replay a crash.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["lapak", "doctor"]
# --init (or `init: true`) is not needed: the engines end with Lapak.
ENTRYPOINT ["lapak"]
CMD ["serve"]
