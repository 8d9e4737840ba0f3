# The site in an image, run by a user without rights. Every setting is a variable, as in
# .env.example; what is to be kept is in /data.

FROM python:3.13-slim AS packages
COPY requirements.txt /
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
    --require-hashes --only-binary :all: -r /requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 PORT=8000 SITE_URL=http://localhost:8000 \
    DATA_DIR=/data STATIC_ROOT=/app/collected
RUN useradd --system --uid 10001 chatsite && install -d -o chatsite /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# The static files belong to the image, not to /data: a volume would keep the old ones.
# The key is for this step alone.
RUN python -m compileall -q chatsite conversations \
    && SECRET_KEY=build python manage.py collectstatic --noinput -v 0

USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["python", "-c", "\
import http.client, os;\
site = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4);\
site.request('GET', '/health/live/');\
raise SystemExit(site.getresponse().status != 200)"]
ENTRYPOINT ["python", "manage.py"]
CMD ["serve", "--prepare"]
