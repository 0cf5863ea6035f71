"""What the server adds to Streamlit: login, downloads, allowed hosts, response headers."""
