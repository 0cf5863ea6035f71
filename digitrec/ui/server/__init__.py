"""What the server adds to Streamlit's: log-in, downloads, hosts, headers."""
