# SPDX-License-Identifier: EUPL-1.2
#
# The service in a container: what the lock files name and nothing else, without root, on a file system that is read only.
# It writes in /tmp only (mount it as tmpfs); rules of your own go on a volume, named by TOETSSTEEN_REGELS. It keeps nothing
# until TOETSSTEEN_OPSLAG names a store; one in SQLite goes on a volume at /var/lib/toetssteen.

FROM python:3.12-slim AS build
# durable-rules, the second engine, comes as source.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/toetssteen
ENV PATH=/opt/toetssteen/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements/base.txt requirements/rete.txt requirements/dienst.txt requirements/
RUN pip install --require-hashes --requirement requirements/base.txt \
    && pip install --require-hashes --no-build-isolation --requirement requirements/rete.txt \
    && pip install --require-hashes --requirement requirements/dienst.txt
COPY pyproject.toml README.md LICENSE ./
COPY engine engine
COPY store store
COPY api api
COPY cli cli
COPY rules rules
COPY examples examples
RUN pip install --no-index --no-deps --no-build-isolation . \
    && pip uninstall --yes hatchling pip \
    && python -m compileall -q /opt/toetssteen/lib

FROM python:3.12-slim
RUN groupadd --gid 10001 toetssteen && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin toetssteen \
    && install --directory --owner=10001 --group=10001 --mode=0700 \
        /var/lib/toetssteen /var/lib/toetssteen/opslag /var/lib/toetssteen/sleutels
COPY --from=build /opt/toetssteen /opt/toetssteen
ENV PATH=/opt/toetssteen/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TOETSSTEEN_CACHE=uit \
    TOETSSTEEN_HOST=0.0.0.0 \
    TOETSSTEEN_METRIEKEN_HOST=0.0.0.0 \
    TOETSSTEEN_METRIEKEN_POORT=9000 \
    TOETSSTEEN_OPSLAG=uit
USER 10001:10001
EXPOSE 8000 9000
HEALTHCHECK --interval=30s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('TOETSSTEEN_POORT', '8000')}/v1/gezondheid/live\", timeout=2)"]
ENTRYPOINT ["toetssteen"]
CMD ["serveer"]
