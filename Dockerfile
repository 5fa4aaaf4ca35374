# Storywatch as an image: `scrapy` as it runs from the checkout, with the profile `production`.
# The store is elsewhere (REDIS_URL), so nothing in here is written but /tmp: run it with a read-only root. CONTACT says
# who runs it; without these two it does not start.

FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements.lock .
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

FROM python:3.11-slim
# BROWSER=1 adds Chromium (some 400 MB) for outlets with render = "auto" or "always".
ARG BROWSER=0
# A pinned Chromium would be one with known holes: Debian removes old versions when it mends them.
# hadolint ignore=DL3008
RUN if [ "$BROWSER" = 1 ]; then \
      apt-get update \
   && apt-get install -y --no-install-recommends chromium \
   && rm -rf /var/lib/apt/lists/*; \
    fi \
 && useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin storywatch
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . .
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SCRAPY_PROJECT=production
RUN python -m compileall -q crawler pipelines settings
USER 10001
# Fails when the store does not answer. It starts a Python of its own (about 1 s), hence not more often.
HEALTHCHECK --interval=2m --timeout=20s --start-period=30s CMD ["scrapy", "frontier"]
ENTRYPOINT ["scrapy"]
CMD ["crawl", "watch"]
