"""What the pages share; the only room with Streamlit."""
