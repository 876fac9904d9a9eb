# The emulator as a container: one static binary and nothing else.
#
# NOT BUILT BY ANYONE YET: where this was written there is no way to build an image. The parts that can
# be checked without one are tested (SIGTERM ends it with status 0, `emulator health` asks whether it
# is ready).
#
#   docker build -t imagesearch-emulator .
#   docker run --rm -p 127.0.0.1:18443:18443 -v imagesearch-ca:/ca imagesearch-emulator
#
# The port is reachable from outside the container, so the admin API wants a token: the one of the first
# line of output, or that of IMAGESEARCH_EMULATOR_ADMIN_TOKEN (`docker run -e`). `health` and `ca.pem`
# want none. With `--data /data` and a volume there, pictures outlive the container.
#
# Clients upload to the public host, which must have a dot. 127.0.0.1:18443 is right for clients on the
# host; between containers give this one a dotted alias and name it:
#
#   docker run --network-alias oss.emulator ... imagesearch-emulator \
#       emulator --listen 0.0.0.0:18443 --ca-dir /ca --public-host oss.emulator:18443

FROM rust:1.95-alpine AS build
# ring compiles C and assembler; musl-dev has the headers.
RUN apk add --no-cache musl-dev gcc
WORKDIR /source
COPY . .
# On Alpine the target is musl, and statically linked, as it is.
RUN cargo build --release --locked -p imagesearch-cli && mkdir /empty

FROM scratch
COPY --from=build /source/target/release/imagesearch /imagesearch
# For pictures that are fetched from allowed hosts over HTTPS.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# The volume gets this owner; the key of the authority is written there, for the owner only.
COPY --from=build --chown=10001:10001 /empty /ca
COPY --from=build --chown=10001:10001 /empty /data
# Nothing else is there; batch tasks write their result files to it.
COPY --from=build --chown=10001:10001 /empty /tmp
USER 10001:10001
VOLUME ["/ca", "/data"]
EXPOSE 18443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=5s \
    CMD ["/imagesearch", "emulator", "health", "--url", "http://127.0.0.1:18443"]
ENTRYPOINT ["/imagesearch"]
CMD ["emulator", "--listen", "0.0.0.0:18443", "--ca-dir", "/ca", "--public-host", "127.0.0.1:18443"]
