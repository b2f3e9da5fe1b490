# One image for web, worker and beat. Node is used while building only.
FROM node:24-slim AS front
WORKDIR /build
COPY package.json package-lock.json designsystemet.config.json ./
RUN npm ci --no-audit --no-fund
COPY css css
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM python:3.13-slim AS portal
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /app ksf \
 && install -d -o ksf -g ksf /var/lib/ksf/media /backups
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MEDIA_ROOT=/var/lib/ksf/media
WORKDIR /app
COPY requirements/base.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY . .
COPY --from=front /build/node_modules node_modules
COPY --from=front /build/build build
# Values for this step only: it reads settings, but neither database nor broker.
RUN SECRET_KEY=build SECOND_FACTOR_KEYS=build SITE_URL=http://build ALLOWED_HOSTS=build DEFAULT_FROM_EMAIL=build@ksf.example \
    DATABASE_URL=postgresql:///build REDIS_URL=redis://build \
    sh -c 'python manage.py messages --compile && python manage.py collectstatic --no-input --verbosity 0' \
 && rm -rf node_modules/.cache
USER ksf
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.py", "--bind", "0.0.0.0:8000", "ksf.wsgi"]

# The same with what makes backups: the programs of the database's own version, and age.
FROM portal AS backup
USER root
RUN apt-get update \
 && apt-get install -y --no-install-recommends age libpq5 liblz4-1 libzstd1 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=postgres:18 /usr/lib/postgresql/18/bin/pg_dump /usr/lib/postgresql/18/bin/pg_restore /usr/local/bin/
COPY --from=postgres:18 /usr/lib/*-linux-gnu/libpq.so.5* /usr/local/lib/
RUN ldconfig
USER ksf

# What is built without a target.
FROM portal
