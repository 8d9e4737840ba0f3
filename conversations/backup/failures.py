class BackupError(Exception):
    """It was not done, and nothing was changed. Its text says why, in English."""
