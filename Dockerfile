FROM python:3.13-slim

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .

# Models, drawings and logs live on a volume, which the app's user owns.
RUN useradd --create-home --uid 1000 digitrec && mkdir /data && chown digitrec /data
USER 1000
ENV DIGITREC_MODELS_DIR=/data/models \
    DIGITREC_DATABASE_URL=sqlite:////data/drawings.sqlite3
VOLUME /data

EXPOSE 8501
HEALTHCHECK --interval=30s --start-period=20s CMD ["python", "-c", \
    "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=5)"]
CMD ["streamlit", "run", "streamlit_app.py", "--server.address=0.0.0.0", "--server.headless=true"]
