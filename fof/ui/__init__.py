"""The screens (Streamlit). A page chooses, reads, shows; it computes nothing."""
