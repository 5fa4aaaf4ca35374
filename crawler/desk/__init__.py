"""The desk: makes stories of articles, and alerts of stories."""
