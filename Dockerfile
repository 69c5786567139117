# payments-mock as an image, for docker, podman and buildah: `docker build -t payments-mock .` in the clone.
# BASE may be any Debian whose `python3` is 3.11 or newer and has the module venv.
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY payments_mock payments_mock
# Everything comes as a wheel, so no compiler is needed. What nobody reads at run time goes: the symbols for
# debuggers, which are two thirds of uvloop, the maps of the reference's scripts, SQLAlchemy's own tests, and pip.
RUN command -v strip >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends binutils; }
RUN python3 -m venv /opt/payments-mock \
    && /opt/payments-mock/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check \
        --only-binary :all: --constraint constraints.txt '.[intercept,metrics,postgres]' \
    && /opt/payments-mock/bin/python -m pip uninstall --quiet --yes setuptools pip \
    && cd /opt/payments-mock/lib/python3*/site-packages \
    && find . -name '*.so*' -type f -exec strip --strip-unneeded {} + \
    && find . -name '*.map' -delete \
    && rm -rf sqlalchemy/testing greenlet/tests

FROM ${BASE}
LABEL org.opencontainers.image.title="payments-mock" \
    org.opencontainers.image.description="A stand-in for Toss Payments, to test kiosk and shop backends against" \
    org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/payments-mock /opt/payments-mock
COPY container/payments-mock /usr/local/bin/payments-mock
# Only /data is written to, and /tmp where nothing is kept.
RUN mkdir /data && chown 10001:10001 /data && chmod 755 /usr/local/bin/payments-mock
USER 10001:10001
WORKDIR /data
VOLUME /data
ENV LANG=C.UTF-8 HOME=/data PAYMENTS_MOCK_HOST=0.0.0.0 PORT=9090
EXPOSE 9090
HEALTHCHECK --interval=5s --timeout=4s --start-period=10s CMD ["payments-mock", "health"]
ENTRYPOINT ["payments-mock"]
CMD ["serve"]
